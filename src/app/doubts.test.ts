import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../drivers/directory/leases-memory.ts'
import type { Lease } from '../model/lease.ts'
import type { Held, NetworkControl } from '../ports/network-control.ts'
import { doubtful, doubtsAt, doubtsOf } from './doubts.ts'

const lease = (subscriber: string, prefix: string, more: Partial<Lease> = {}): Lease => ({
  realm: 'main',
  prefix,
  subscriber,
  from: 0,
  ...more,
})
const CLOSED: Held = {
  realm: 'main',
  prefix: '192.0.2.1/32',
  subscriber: 'kd1',
  state: 'isolated',
  walledGarden: false,
}
const router: NetworkControl = {
  name: 'r',
  fits: () => true,
  list: async subscriber => (subscriber === 'kd1' ? [CLOSED] : []),
  apply: async () => assert.fail('nothing is changed'),
  revoke: async () => assert.fail('nothing is changed'),
}

test('of an address in doubt it is said which customers may have it, why, and what is enforced there all the same', async () => {
  const session = { nas: 'bng', id: 's1', user: 'kd1' }
  const leases = memoryLeases([
    lease('kd1', '192.0.2.1/32', { session }),
    lease('kd2', '192.0.2.8/29', { doubtFrom: Date.UTC(2026, 0, 5) }),
    lease('kd3', '192.0.2.9/32'),
  ])
  leases.doubt(one => one.session?.nas === 'bng')
  let worries = [{ what: 'silent', about: 'bng', words: 'it told nothing' }]
  const network = () => ({ tellers: [], exporters: [], worries })
  const parts = { leases, routers: [router], network }
  const at = (address: string) => doubtsAt(parts, { realm: 'main', address })
  const silent = {
    subscriber: 'kd1',
    prefix: '192.0.2.1/32',
    why: 'its access server bng is silent',
    enforced: ['r: 192.0.2.1/32 isolated'],
  }
  assert.deepEqual(await at('192.0.2.1'), [silent])
  worries = []
  assert.match((await at('192.0.2.1'))[0]?.why ?? '', /^the clock of its access server bng became/)
  // The longest prefix says whose an address is.
  assert.deepEqual(await at('192.0.2.9'), [])
  const [around] = await at('192.0.2.10')
  assert.equal(around?.why, '192.0.2.9/32 in it is of kd3, as was told later')
  assert.deepEqual(around?.enforced, [])
  const mine = await doubtsOf(parts, doubtful(parts, leases.current('kd2')))
  assert.deepEqual(mine, [around])
  assert.deepEqual(await at('no address'), [])
})

test('of a customer who was told to have it in late news it is said, too, that it may be theirs', async () => {
  const leases = memoryLeases([lease('kd1', '192.0.2.1/32', { doubtFrom: 1, claimedBy: 'kd2' })])
  const network = () => ({ tellers: [], exporters: [], worries: [] })
  const parts = { leases, routers: [router], network }
  const found = await doubtsAt(parts, { realm: 'main', address: '192.0.2.1' })
  assert.deepEqual(
    found.map(({ subscriber, enforced }) => [subscriber, enforced.length]),
    [
      ['kd1', 1],
      ['kd2', 0],
    ],
  )
  assert.match(found[0]?.why ?? '', /^a session of kd2 was told of there/)
  assert.match(found[1]?.why ?? '', /^a session of kd1 was told of there/)
})
