import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Held, NetworkControl } from '../../ports/network-control.ts'
import type { Decision } from '../../model/decision.ts'
import type { Lease } from '../../model/lease.ts'
import { checkNetwork } from './check-network.ts'

const expert = (id: string): Subscriber => ({
  id,
  plan: 'expert',
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})
const open = (subscriber: string, last: number, more: Partial<Held> = {}): Held => ({
  realm: 'main',
  prefix: `192.0.2.${last}/32`,
  subscriber,
  state: 'open',
  walledGarden: false,
  ...more,
})

/** Two experts; the router takes all but the second's lease. */
function findings(router: Partial<NetworkControl>, off = false) {
  const driver: NetworkControl = {
    name: 'bng',
    fits: ({ subscriber }) => subscriber !== 'bert',
    list: async () => [],
    apply: () => assert.fail('nothing is changed'),
    revoke: () => assert.fail('nothing is changed'),
    ...router,
  }
  return checkNetwork({
    cases: { inForce: () => [] },
    leases: memoryLeases([
      { realm: 'main', prefix: '192.0.2.1/32', subscriber: 'anna', from: 0 },
      { realm: 'main', prefix: '192.0.2.2/32', subscriber: 'bert', from: 0 },
    ]),
    subscribers: memorySubscribers(['anna', 'bert'].map(expert)),
    drivers: [driver],
    turns: new Map(),
    off: { get: () => (off ? { id: 'bng' } : undefined) },
    reporter: { note: () => assert.fail('nothing is told') },
    now: () => 0,
    trouble: error => assert.fail(String(error)),
  })
}
const words = (all: Awaited<ReturnType<typeof findings>>) =>
  all.map(one => `${one.what}: ${one.words}`)
const UNREACHABLE =
  'no router: one lease that no router takes: isolating it closes nothing in the network'

test('what differs, what is not confirmed, and what no router takes, is found', async () => {
  assert.deepEqual(words(await findings({ list: async () => [open('anna', 1)] })), [UNREACHABLE])
  assert.deepEqual(words(await findings({ list: async () => [open('gone', 9)] })), [
    'set differs: 192.0.2.9/32 of gone is there and should not be',
    'set differs: 192.0.2.1/32 of anna is not there as it should be',
    UNREACHABLE,
  ])
  const refused = open('anna', 1, { standing: 'refused', words: 'not allowed' })
  assert.deepEqual(words(await findings({ list: async () => [refused] })), [
    'not confirmed: refused: 192.0.2.1/32 of anna open: not allowed',
    UNREACHABLE,
  ])
})

test('a router that is silent, or off, is found; many differences are counted', async () => {
  const silent = await findings({ list: () => Promise.reject(new Error('away')) })
  assert.equal(words(silent)[0], 'router silent: away')
  // Such a one says it in its worries.
  const list = () => Promise.reject(new Error('away'))
  assert.deepEqual(words(await findings({ list, failure: () => 'away' })), [UNREACHABLE])
  assert.match(words(await findings({}, true))[0] ?? '', /^router off: /)
  const many = Array.from({ length: 30 }, (_, i) => open('gone', 100 + i))
  const found = words(await findings({ list: async () => many }))
  assert.deepEqual(found.slice(10), [
    'set differs: and 20 more',
    'set differs: 192.0.2.1/32 of anna is not there as it should be',
    UNREACHABLE,
  ])
})

const ISOLATE: Decision = {
  id: 'd1',
  incident: 'i1',
  subject: 'line:anna',
  kind: 'isolate',
  at: 0,
  until: 1,
  by: 'staff',
}

/** Contained customers of whom some leases are in doubt, or who have none. */
async function contained(customers: readonly string[], leases: readonly Lease[]) {
  const table = memoryLeases()
  for (const lease of leases) table.open(lease)
  const found = await checkNetwork({
    cases: { inForce: () => [ISOLATE] },
    leases: table,
    subscribers: memorySubscribers(customers.map(id => ({ ...expert(id), plan: 'consumer' }))),
    drivers: [{ name: 'r', fits: () => true, list: async () => [], apply: fails, revoke: fails }],
    turns: new Map(),
    reporter: { note: fails },
    now: () => 0,
    trouble: fails,
  })
  return found.map(({ what, about, words: text }) => `${what} ${about}: ${text}`)
}
const fails = () => assert.fail('nothing is changed')

test('a contained line that is open because its address is in doubt is found, and why', async () => {
  const lease = (subscriber: string, prefix: string, more: Partial<Lease> = {}): Lease => ({
    realm: 'main',
    prefix,
    subscriber,
    from: 0,
    ...more,
  })
  const doubted = { doubtFrom: Date.UTC(2026, 0, 5) }
  assert.deepEqual(await contained(['anna'], [lease('anna', '192.0.2.1/32', doubted)]), [
    'in doubt anna: isolate is in force, and not enforced on 192.0.2.1/32: a Stop of another session named it, or news about it came late, and none of its own session since 2026-01-05T00:00:00Z',
  ])
  const around = [lease('anna', '192.0.2.1/32', doubted), lease('bert', '192.0.2.0/29')]
  assert.match(
    (await contained(['anna'], around))[0] ?? '',
    /192\.0\.2\.0\/29 around it is of bert/,
  )
})

test('what is counted and not named is about none of those that are named', async () => {
  const found = await contained(
    Array.from({ length: 14 }, (_, i) => `kd${i}`),
    [],
  )
  assert.match(found[0] ?? '', /^no lease kd0: /)
  assert.equal(found[10], 'no lease others: and 4 more')
})

test('a lease that a router does not take for the id of its customer alone is told of with that reason', async () => {
  const whyNot = ({ subscriber }: { readonly subscriber: string }) =>
    subscriber === 'bert' ? 'the id is too long' : undefined
  const list = async () => [open('anna', 1)]
  assert.deepEqual(await findings({ list, whyNot }), [
    {
      what: 'id too long',
      about: 'bert',
      words: '192.0.2.2/32 is not closed: the id is too long',
    },
  ])
})
