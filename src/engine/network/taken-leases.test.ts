// Another access server tells that another customer has the address of a contained session. A router closes it for that session no longer; an
// access server that is told of sessions keeps its own one closed, until accounting tells of an end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareCustomer } from '../../../test/support/bare-customer.ts'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import type { Decision } from '../../model/decision.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { SessionNews } from '../../sensors/radius/accounting.ts'
import { AccountingSessions } from '../../sensors/radius/sessions.ts'
import { checkNetwork } from './check-network.ts'
import { desiredState, differenceFrom } from './reconcile.ts'
import { whyInDoubt } from './why-in-doubt.ts'

const AT = Date.UTC(2026, 10, 29)
const INTERIM = 10 * MINUTE
const [ONE, OTHER] = ['192.0.2.1', '192.0.2.2'] as const
const HERE: string = ONE

const ISOLATED: Decision = {
  id: 'd',
  incident: 'i',
  subject: 'line:kd5',
  kind: 'isolate',
  at: AT,
  until: AT + 1e9,
  by: 'staff',
}

const driver = (name: string, meetsOne: boolean): NetworkControl => ({
  name,
  fits: () => true,
  ...(meetsOne ? { meetsOne: () => true } : {}),
  apply: async () => undefined,
  revoke: async () => undefined,
  list: async () => [],
})
const [ROUTER, COA] = [driver('edge', false), driver('bng', true)]

/** kd5 is isolated; `restart` has what the ledger keeps. */
function network(leases = memoryLeases(), now = AT) {
  const sessions = new AccountingSessions({
    interim: INTERIM,
    subscriberOf: name => name,
    ...lookupsOf(leases),
  })
  sessions.restore(leases.all(), now)
  // As the ledger has them: the last word of each.
  const rows = new Map<string, Lease>()
  const keep = (all: readonly Lease[]) => {
    for (const lease of all)
      rows.set(`${lease.prefix} ${lease.from} ${lease.session?.nas} ${lease.session?.user}`, lease)
  }
  keep([...leases.all()])
  const apply = (changes: ReturnType<AccountingSessions['sweep']>) => {
    for (const { kind, lease } of changes)
      keep(kind === 'open' ? leases.open(lease) : leases.close(lease, lease.to as number))
  }
  const tell = (
    status: SessionNews['status'],
    user: string,
    at: number,
    { nas = HERE, ip = 5, session = `s-${user}` } = {},
  ) => {
    const framed = [{ kind: 'address4' as const, prefix: `198.51.100.${ip}/32` }]
    const named = { status, nas, session, user, subscriber: user, realm: 'main' }
    apply(sessions.hear({ ...named, framed, at: AT + at, stamp: AT + at }, AT + at))
  }
  const parts = {
    cases: { inForce: (subject: string) => (subject === 'line:kd5' ? [ISOLATED] : []) },
    leases,
    subscribers: memorySubscribers(['kd5', 'kd6'].map(id => bareCustomer(id))),
    drivers: [COA],
    turns: new Map(),
    reporter: { note: () => undefined },
    now: () => AT,
    trouble: () => undefined,
  }
  const closed = (at: NetworkControl) =>
    desiredState(parts, 'kd5', at).map(({ prefix, session }) => `${prefix} ${session?.nas}`)
  /** What an access server that holds this is told of kd5. */
  const undone = (held: ReturnType<typeof desiredState>) =>
    differenceFrom(held, { parts, driver: COA, subscriber: 'kd5' }).undone
  const close = (lease: Lease) => keep(leases.close(lease, AT + 2 * MINUTE))
  const sweep = (at: number) => apply(sessions.sweep(AT + at))
  const restart = (at: number) =>
    network(memoryLeases(JSON.parse(JSON.stringify([...rows.values()])) as Lease[]), AT + at)
  return { tell, sweep, restart, close, closed, undone, parts, leases }
}

const MINE = [`198.51.100.5/32 ${ONE}`]

for (const status of ['interim', 'start'] as const)
  for (const again of [false, true])
    test(`a ${status} of another access server opens no session${again ? ', also after a restart' : ''}`, async () => {
      const before = network()
      before.tell('start', 'kd5', 0)
      const held = desiredState(before.parts, 'kd5', COA)
      before.tell('start', 'kd6', 0, { nas: OTHER, ip: 6 })
      before.tell(status, 'kd6', MINUTE, { nas: OTHER, ip: 5 })
      const { tell, closed, undone, leases, parts, sweep } = again ? before.restart(MINUTE) : before
      assert.equal(leases.holder('main', '198.51.100.5', undefined).subscriber, 'kd6')
      assert.deepEqual([closed(ROUTER), closed(COA), undone(held)], [[], MINE, []])
      assert.deepEqual(await checkNetwork({ ...parts, drivers: [] }), [])
      const found = await checkNetwork(parts)
      assert.ok(!found.some(({ what }) => what === 'no lease'))
      // It has another address by now: so it is told.
      tell('interim', 'kd5', 2 * MINUTE, { ip: 7 })
      assert.deepEqual(closed(COA), [`198.51.100.7/32 ${ONE}`])
      tell('stop', 'kd5', 3 * MINUTE, { ip: 7 })
      sweep(4 * MINUTE)
      assert.deepEqual(closed(COA), [])
    })

for (const [words, ends] of [
  ['its Stop', ({ tell }) => tell('stop', 'kd5', 2 * MINUTE)],
  ['that its access server began anew', ({ tell }) => tell('nas-on', '', 2 * MINUTE)],
  [
    'that its access server tells of others only',
    ({ tell, sweep }) => {
      for (let at = MINUTE; at < 3.5 * INTERIM; at += MINUTE) tell('interim', 'kd9', at, { ip: 9 })
      sweep(3.5 * INTERIM)
    },
  ],
  [
    'the word of staff',
    ({ close }) => close({ realm: 'main', prefix: '198.51.100.5/32', subscriber: 'kd5', from: 0 }),
  ],
] as const satisfies readonly (readonly [string, (net: ReturnType<typeof network>) => void])[])
  for (const again of [false, true])
    test(`${words} ends a session whose address another has${again ? ', also after a restart' : ''}`, () => {
      const before = network()
      before.tell('start', 'kd5', 0)
      before.tell('start', 'kd6', MINUTE, { nas: OTHER })
      const net = again ? before.restart(MINUTE) : before
      assert.deepEqual(net.closed(COA), MINE)
      ends(net)
      assert.deepEqual(net.closed(COA), [])
      assert.deepEqual(net.restart(4 * INTERIM).closed(COA), [])
    })

test('a session that gets its address back is one lease again', () => {
  const { tell, closed, leases, restart } = network()
  tell('start', 'kd5', 0)
  tell('start', 'kd6', MINUTE, { nas: OTHER })
  tell('interim', 'kd5', 2 * MINUTE)
  assert.deepEqual([closed(COA), leases.taken('kd5')], [MINE, []])
  const [back] = leases.current('kd5')
  assert.match(back ? whyInDoubt(leases, back) : '', /^a session of kd6 was told of there, too/)
  assert.deepEqual(restart(3 * MINUTE).leases.taken('kd5'), [])
})

test('an access server that gives the address to another session itself has ended the former one', () => {
  const { tell, closed } = network()
  tell('start', 'kd5', 0)
  tell('start', 'kd6', MINUTE)
  assert.deepEqual(closed(COA), [])
})

test('two users of one number and one address, told of in turn, are two sessions', () => {
  const { tell, closed } = network()
  tell('start', 'kd5', 0, { session: 'x' })
  for (let round = 1; round < 4; round++) {
    tell('interim', 'kd6', 2 * round * MINUTE, { session: 'x' })
    if (round > 1) assert.deepEqual(closed(COA), MINE)
    tell('interim', 'kd5', (2 * round + 1) * MINUTE, { session: 'x' })
    assert.deepEqual(closed(COA), MINE)
  }
})
