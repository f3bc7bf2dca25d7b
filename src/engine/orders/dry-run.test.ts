import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareCustomer } from '../../../test/support/bare-customer.ts'
import type { Decision } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import type { Lease } from '../../model/lease.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import { impose } from './impose.ts'
import type { OrderParts } from './order-parts.ts'
import { release } from './release.ts'
import { switchDriver } from './switch-driver.ts'

const ANNA = bareCustomer('anna')
const LEASES: Lease[] = [
  { realm: 'main', prefix: '198.51.100.2/32', subscriber: 'anna', from: 0 },
  { realm: 'main', prefix: '2001:db8:100::/56', subscriber: 'anna', from: 0 },
  { realm: 'main', prefix: '198.51.100.9/32', subscriber: 'anna', from: 0, doubtFrom: 1 },
]
const ISOLATED: Decision = {
  id: 'd1',
  incident: 'i1',
  subject: 'line:anna',
  kind: 'isolate',
  at: 0,
  until: 9e12,
  by: 'staff',
}
const CASE = {
  id: 'i1',
  caseCode: 'AB-1',
  subject: 'line:anna',
  subscriber: 'anna',
  status: 'contained',
} as unknown as Incident

/** Whatever would change something fails: it is not there. */
function parts(inForce: readonly Decision[]): OrderParts {
  const router: NetworkControl = {
    name: 'edge',
    fits: ({ prefix }) => !prefix.includes(':'),
    list: async () => [
      { ...(LEASES[0] as Lease), state: 'isolated', walledGarden: true, decision: 'd1' },
    ],
    apply: () => assert.fail('it was applied'),
    revoke: () => assert.fail('it was revoked'),
  }
  const given = {
    cases: { inForce: () => inForce, incidents: async () => [CASE] },
    subscribers: { get: () => ANNA, all: () => [ANNA] },
    leases: { current: () => LEASES, taken: () => [], within: () => [] },
    network: [router],
    off: { get: () => undefined },
  }
  return given as unknown as OrderParts
}
const STAFF = { kind: 'staff', name: 'eve' } as const

test('a dry run says which lines would close or open, and does nothing', async () => {
  const order = {
    kind: 'impose',
    subject: 'line:anna',
    decision: 'isolate',
    why: 'a test',
    dryRun: true,
  } as const
  const closes = await impose(parts([]), { order, actor: STAFF, at: 1 })
  assert.equal(
    closes.text,
    'Nothing was done (dry run). These lines would change: 198.51.100.2/32 of anna at edge: default -> isolated. Whether 198.51.100.9/32 is theirs is in doubt: nothing would change there.',
  )
  const again = await impose(parts([ISOLATED]), { order, actor: STAFF, at: 1 })
  assert.match(again.text, /No line would open or close/)
  const opens = await release(parts([ISOLATED]), {
    order: { kind: 'release', incident: 'i1', dryRun: true },
    actor: STAFF,
    at: 1,
  })
  assert.match(opens.text, /198\.51\.100\.2\/32 of anna at edge: isolated -> default/)
  const driver = { driver: 'edge', dryRun: true } as const
  const flush = { order: { kind: 'flush-driver', ...driver }, actor: STAFF, at: 1 } as const
  const fill = { ...flush, order: { kind: 'fill-driver', ...driver } } as const
  for (const [given, change] of [
    [flush, 'isolated -> default'],
    [fill, 'default -> isolated'],
  ] as const) {
    const { text } = await switchDriver(parts([ISOLATED]), given)
    assert.ok(text.includes(`198.51.100.2/32 of anna at edge: ${change}`), text)
  }
})

test('where no line would change, a dry run says why: no lease, no router, or none that takes it', async () => {
  const order = {
    kind: 'impose',
    subject: 'line:anna',
    decision: 'isolate',
    why: 'a test',
    dryRun: true,
  } as const
  const said = async (given: Partial<Record<keyof OrderParts, unknown>>) =>
    (await impose({ ...parts([]), ...given } as OrderParts, { order, actor: STAFF, at: 1 })).text
  const nothing = 'Nothing was done (dry run). No line would open or close.'
  assert.equal(
    await said({ leases: { current: () => [], taken: () => [], within: () => [] } }),
    `${nothing} anna has no lease now: it follows when there is one.`,
  )
  const [router] = parts([]).network
  const [mine] = LEASES
  assert.equal(
    await said({
      network: [],
      leases: { current: () => [mine], taken: () => [], within: () => [] },
    }),
    `${nothing} Cordon has no router to tell.`,
  )
  assert.equal(
    await said({
      network: [{ ...router, fits: () => false }],
      leases: { current: () => [mine], taken: () => [], within: () => [] },
    }),
    `${nothing} No router takes 198.51.100.2/32 (cordon network doctor).`,
  )
})
