// Dry runs of orders about leases, opt-outs and rollouts: each says which lines would open or close, and changes nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareCustomer } from '../../../test/support/bare-customer.ts'
import { memoryRecords } from '../../../test/support/memory-records.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import type { Decision } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { RolloutState } from '../../model/rollout.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import { type Rollouts, rollouts } from '../port25/rollouts.ts'
import { closeLease } from './close-lease.ts'
import { endOptOut } from './end-opt-out.ts'
import { importLeases } from './import-leases.ts'
import { openLease } from './open-lease.ts'
import type { OrderParts } from './order-parts.ts'

const AT = Date.UTC(2026, 5, 1)
const CUSTOMERS = [
  bareCustomer('anna'),
  bareCustomer('bert'),
  { ...bareCustomer('carl'), plan: 'expert' as const },
]
const lease = (subscriber: string, last: number): Lease => ({
  realm: 'main',
  prefix: `198.51.100.${last}/32`,
  subscriber,
  from: AT - DAY,
})
const LEASES = [lease('anna', 1), lease('bert', 2), lease('carl', 3)]
/** Of Anna, who is isolated. */
const ISOLATED: Decision = {
  id: 'd1',
  incident: 'i1',
  subject: 'line:anna',
  kind: 'isolate',
  at: AT - DAY,
  until: AT + DAY,
  by: 'evidence',
}
const OPEN: OptOut = {
  id: 'o1',
  code: 'K7-2M9Q',
  subscriber: 'bert',
  kind: 'own-server',
  destinations: [],
  addresses: [],
  state: 'open',
  askedAt: AT - DAY,
}
const STAFF = { kind: 'staff', name: 'eve' } as const

/** Whatever would change something fails. */
function parts(started?: number): OrderParts {
  const edge: NetworkControl = {
    name: 'edge',
    fits: () => true,
    list: async () => assert.fail('it was asked'),
    apply: () => assert.fail('it was applied'),
    revoke: () => assert.fail('it was revoked'),
    watch: () => assert.fail('its table was changed'),
  }
  const states = memoryRecords<RolloutState>(
    ...(started === undefined ? [] : [{ id: 'north', told: [], startedAt: started }]),
  )
  const given = {
    cases: {
      inForce: (subject: string) => (subject === 'line:anna' ? [ISOLATED] : []),
      incidents: async () => [],
    },
    subscribers: {
      get: (id: string) => CUSTOMERS.find(one => one.id === id),
      all: () => CUSTOMERS,
    },
    leases: memoryLeases(LEASES),
    network: [edge],
    off: { get: () => undefined },
    moveLeases: () => assert.fail('leases were moved'),
    optOut: {
      optOuts: {
        get: (id: string) => (id === OPEN.id ? OPEN : undefined),
        of: (id: string) => (id === 'bert' ? [OPEN] : []),
        all: () => [OPEN],
        change: () => assert.fail('the opt-out was changed'),
      },
    },
  }
  const rolling = rollouts({
    ...(given as unknown as OrderParts),
    parts: () => [
      { name: 'north', prefixes: ['198.51.100.0/29'], date: AT },
      { name: 'south', prefixes: ['198.51.100.8/29'], date: AT },
    ],
    uses: memoryRecords({
      id: 'dora',
      destinations: [{ address: '192.0.2.1', days: [1] }],
      more: false,
      fanOut: 1,
    }),
    coverage: memoryRecords(),
    states: { ...states, change: () => assert.fail('the rollout was changed') },
    watching: () => true,
    notifier: { subscribers: given.subscribers } as never,
    leases: given.leases,
    trouble: error => assert.fail(String(error)),
  } as Parameters<typeof rollouts>[0])
  return { ...(given as unknown as OrderParts), rollouts: rolling }
}

const told = async (outcome: Promise<OrderOutcome>): Promise<string> => {
  const { done, text } = await outcome
  assert.equal(done, true, text)
  return text.replace('Nothing was done (dry run). ', '')
}
const given = <O extends object>(order: O) =>
  ({ order: { ...order, dryRun: true }, actor: STAFF, at: AT }) as const

test('a lease that would be told: who has the address next is open or closed as they are', async () => {
  const moves = (one: Lease) => told(openLease(parts(), given({ kind: 'open-lease', lease: one })))
  assert.equal(
    await moves({ ...lease('carl', 1), from: AT }),
    'These lines would change: 198.51.100.1/32 of carl at edge: isolated -> open.',
  )
  assert.equal(
    await moves({ ...lease('anna', 2), from: AT }),
    'These lines would change: 198.51.100.2/32 of anna at edge: open -> isolated.',
  )
  // Older than what was told since, or over already.
  for (const late of [{ from: AT - 2 * DAY }, { to: AT }])
    assert.equal(await moves({ ...lease('carl', 1), ...late }), 'No line would open or close.')
})

test('a lease that is not there, or is another customer’s, does not end', async () => {
  for (const one of [lease('anna', 77), lease('carl', 1), { ...lease('anna', 1), realm: 'else' }]) {
    const order = { kind: 'close-lease', lease: one } as const
    let moved = 0
    const moveLeases = async () => void moved++
    const outcome = await closeLease({ ...parts(), moveLeases }, { order, actor: STAFF, at: AT })
    assert.equal(outcome.done, false)
    assert.match(outcome.text, /^(?:anna|carl) has no lease of .* Nothing was done\.$/)
    assert.equal(moved, 0)
  }
})

test('a lease that would end, and many at once, each after the one before', async () => {
  const close = given({ kind: 'close-lease' as const, lease: lease('anna', 1) })
  assert.match(
    await told(closeLease(parts(), close)),
    /: 198\.51\.100\.1\/32 of anna at edge: isolated -> default\.$/,
  )
  const leases = [
    { ...lease('bert', 1), from: AT - 2 },
    { ...lease('carl', 1), from: AT - 1 },
    { ...lease('nobody', 1), from: AT },
  ]
  assert.equal(
    await told(importLeases(parts(), given({ kind: 'import-leases' as const, leases }))),
    'These lines would change: 198.51.100.1/32 of carl at edge: isolated -> open. 2 leases would be known; 1 left out: their customers are unknown.',
  )
})

test('an opt-out that would end closes its line; its owner is told nothing of routers', async () => {
  const order = given({ kind: 'end-opt-out' as const, id: 'o1' })
  assert.equal(
    await told(endOptOut(parts(), order)),
    'These lines would change: 198.51.100.2/32 of bert at edge: open -> default.',
  )
  const from = { realm: 'main', address: '198.51.100.2', port: 40_000 }
  const owner = { kind: 'owner', subscriber: 'bert', from } as const
  const { done, text } = await endOptOut(parts(), { ...order, actor: owner })
  assert.deepEqual([done, text], [false, 'That is for our staff to do.'])
})

test('a part that would be closed, or opened, changes the lines in it that have nothing of their own', async () => {
  const rolled = (kind: 'announce' | 'start' | 'rollback', started?: number) => {
    const { rollouts: rolling } = parts(started)
    const order = given({ kind: `${kind}-rollout` as const, part: 'north' })
    return told((rolling as Rollouts).order(order as Parameters<Rollouts['order']>[0]))
  }
  CUSTOMERS.push(bareCustomer('dora'), bareCustomer('elsa'))
  LEASES.push(lease('dora', 4), lease('elsa', 9))
  assert.match(
    await rolled('start'),
    /^These lines would change: 198\.51\.100\.4\/32 of dora at edge: only watched -> closed by the table \(uses port 25\)\. Without --despite it is refused: .*it is not announced/,
  )
  assert.equal(
    await rolled('rollback', AT - DAY),
    'These lines would change: 198.51.100.4/32 of dora at edge: closed by the table -> only watched (uses port 25).',
  )
  assert.equal(
    await rolled('announce'),
    'No line would open or close. 1 customers who use port 25 in north would be written to: dora.',
  )
})
