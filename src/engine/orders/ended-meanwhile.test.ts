// An order that waits for an access server, and is ended by another one meanwhile.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareCustomer } from '../../../test/support/bare-customer.ts'
import type { Decision } from '../../model/decision.ts'
import type { Lease } from '../../model/lease.ts'
import type { SavedCase } from '../../ports/cases.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import { impose } from './impose.ts'
import type { OrderParts } from './order-parts.ts'

const ANNA = bareCustomer('anna')
const LEASE: Lease = { realm: 'main', prefix: '198.51.100.2/32', subscriber: 'anna', from: 0 }
const ROUTER: NetworkControl = {
  name: 'bng',
  fits: () => true,
  list: async () => [],
  apply: async () => undefined,
  revoke: async () => undefined,
}

/** `meanwhile`: what is done about the decisions in force while the network follows. */
async function imposed(meanwhile: (inForce: readonly Decision[]) => readonly Decision[]) {
  let inForce: readonly Decision[] = []
  const given = {
    cases: {
      open: () => undefined,
      epoch: () => 0,
      rev: () => 0,
      moved: () => 0,
      inForce: () => inForce,
      saveCase: async ({ decisions }: SavedCase) => {
        inForce = decisions
        return 'saved'
      },
    },
    subscribers: { get: () => ANNA },
    names: { record: () => 'd1', caseCode: () => 'AB-1' },
    reporter: { note: () => undefined },
    followed: async () => {
      inForce = meanwhile(inForce)
    },
    leases: {
      current: () => [LEASE],
      taken: () => [],
      holder: () => ({ sure: 'certain' }),
      within: () => [],
    },
    network: [ROUTER],
  } as unknown as OrderParts
  const subject = 'line:anna'
  const order = { kind: 'impose', subject, decision: 'isolate', why: 'a test' } as const
  const { text } = await impose(given, { order, actor: { kind: 'staff', name: 'eve' }, at: 1 })
  return text
}

test('an order that was released while it waited says so, and blames no router', async () => {
  const text = await imposed(() => [])
  assert.match(text ?? '', /isolate on line:anna .* It was ended meanwhile: it is not in force\./)
  assert.doesNotMatch(text ?? '', /router/)
})

test('an order that stands says what the network does', async () => {
  const text = await imposed(inForce => inForce)
  assert.match(text ?? '', /NOT enforced on 198\.51\.100\.2\/32: no router has confirmed it/)
  assert.doesNotMatch(text ?? '', /meanwhile/)
})
