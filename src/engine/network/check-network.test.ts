import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Held, NetworkControl } from '../../ports/network-control.ts'
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
  'no router: 1 leases that no router takes: isolating them closes nothing in the network'

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
  assert.equal(words(silent)[0], 'router silent: Error: away')
  assert.match(words(await findings({}, true))[0] ?? '', /^router off: /)
  const many = Array.from({ length: 30 }, (_, i) => open('gone', 100 + i))
  const found = words(await findings({ list: async () => many }))
  assert.deepEqual(found.slice(10), [
    'set differs: and 20 more',
    'set differs: 192.0.2.1/32 of anna is not there as it should be',
    UNREACHABLE,
  ])
})
