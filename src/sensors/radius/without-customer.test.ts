// Packets that do not name the customer, as an access server may that sends a circuit id in Start only: they are of the session that they name.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import type { Lease } from '../../model/lease.ts'
import type { SessionNews, SubscriberAttribute } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 29)
const MINUTE = 60_000

type PacketNames = Partial<Pick<SessionNews, 'user' | 'subscriber' | 'session'>> & {
  readonly ip?: number | undefined
}

const LINES = [1, 2, 3].map(n => [`line${n}`, `kd${n}`] as const)

function network(
  leases = memoryLeases(),
  lines = new Map<string, string>(LINES),
  knownBy: SubscriberAttribute = 'circuit-id',
) {
  const sessions = new AccountingSessions({
    interim: 10 * MINUTE,
    knownBy,
    subscriberOf: name => lines.get(name),
    ...lookupsOf(leases),
  })
  sessions.restore(leases.all(), AT)
  const apply = (changes: ReturnType<AccountingSessions['sweep']>) => {
    for (const { kind, lease } of changes)
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const tell = (status: SessionNews['status'], at: number, told: PacketNames) => {
    const { user = '', subscriber = '', session = 's', ip } = told
    const framed =
      ip === undefined ? [] : [{ kind: 'address4' as const, prefix: `198.51.100.${ip}/32` }]
    const news = { status, nas: '192.0.2.1', session, user, subscriber, realm: 'main', framed }
    apply(sessions.hear({ ...news, at: AT + at, stamp: AT + at }, AT + at))
  }
  const who = (n: number) => {
    const { sure, subscriber } = leases.holder('main', `198.51.100.${n}`, undefined)
    return sure === 'certain' ? subscriber : sure
  }
  const changed = (line: string, customer: string, at: number) => {
    lines.set(line, customer)
    apply(sessions.customersChanged(AT + at))
  }
  const sweep = (at: number) => apply(sessions.sweep(AT + at))
  // As the ledger has them.
  const kept = () => memoryLeases(JSON.parse(JSON.stringify([...leases.all()])) as Lease[])
  const restart = (by = knownBy) => network(kept(), new Map(lines), by)
  return { tell, who, changed, sweep, restart }
}

for (const user of ['pppoe-1', ''])
  for (const isRestarted of [false, true])
    test(`updates and the Stop of user "${user}" without a circuit id${isRestarted ? ', after a restart' : ''}: those of its session`, () => {
      const before = network()
      before.tell('start', 0, { user, subscriber: 'line1', ip: 1 })
      const { tell, who, changed } = isRestarted ? before.restart() : before
      tell('interim', MINUTE, { user, ip: 1 })
      assert.equal(who(1), 'kd1')
      tell('interim', 2 * MINUTE, { user, subscriber: 'line1', ip: 1 })
      tell('interim', 3 * MINUTE, { user, ip: 1 })
      // What the customer is known by is not forgotten.
      changed('line1', 'kd3', 4 * MINUTE)
      assert.equal(who(1), 'kd3')
      tell('stop', 5 * MINUTE, { user, ip: 1 })
      assert.equal(who(1), 'unknown')
    })

for (const user of ['pppoe-1', ''])
  test(`a line with user "${user}" whose circuit id stood in Start only is the other customer’s after a restart, as the table has it`, () => {
    const before = network()
    before.tell('start', 0, { user, subscriber: 'line1', ip: 1 })
    before.tell('interim', MINUTE, { user, ip: 1 })
    const { tell, who, changed, restart } = before.restart().restart()
    changed('line1', 'kd3', 2 * MINUTE)
    assert.equal(who(1), 'kd3')
    tell('interim', 3 * MINUTE, { user, ip: 1 })
    assert.equal(who(1), 'kd3')
    const again = restart()
    again.changed('line1', 'kd2', 4 * MINUTE)
    again.tell('interim', 5 * MINUTE, { user, ip: 1 })
    assert.equal(again.who(1), 'kd2')
    again.tell('stop', 6 * MINUTE, { user, ip: 1 })
    assert.equal(again.who(1), 'unknown')
  })

test('what customers were known by under another setting moves no line, until an update names them by the one of now', () => {
  const before = network()
  before.tell('start', 0, { user: 'pppoe-1', subscriber: 'line1', ip: 1 })
  const anew = before.restart('remote-id')
  anew.changed('line1', 'kd3', MINUTE)
  assert.equal(anew.who(1), 'kd1')
  anew.tell('interim', 2 * MINUTE, { user: 'pppoe-1', subscriber: 'line2', ip: 1 })
  const again = anew.restart()
  again.changed('line2', 'kd1', 3 * MINUTE)
  assert.equal(again.who(1), 'kd1')
})

test('an update whose circuit id, user and address are another’s is not of the session with that number', () => {
  for (const other of [
    { user: 'pppoe-2', ip: 1 },
    { user: '', ip: 2 },
    { user: 'pppoe-1', subscriber: 'line2', ip: 2 },
  ]) {
    const { tell, who } = network()
    tell('start', 0, { user: 'pppoe-1', subscriber: 'line1', ip: 1 })
    tell('interim', MINUTE, other)
    assert.notEqual(who(other.ip), 'kd1')
  }
})

test('of two sessions with one number and user its address says which one is told of', () => {
  const { tell, who } = network()
  const both = (at: number, subscribers: readonly string[]) =>
    [1, 2].forEach(ip =>
      tell('interim', at + ip, { user: 'pppoe', subscriber: subscribers[ip - 1] ?? '', ip }),
    )
  for (const round of [0, 1, 2]) both(round * MINUTE, ['line1', 'line2'])
  both(3 * MINUTE, [])
  assert.deepEqual([who(1), who(2)], ['kd1', 'kd2'])
  tell('stop', 4 * MINUTE, { user: 'pppoe', ip: 2 })
  assert.deepEqual([who(1), who(2)], ['kd1', 'unknown'])
})

test('a Stop that names another line is not the one of the session with its number and user', () => {
  const { tell, who } = network()
  tell('start', 0, { user: 'pppoe', subscriber: 'line1', ip: 1 })
  tell('stop', MINUTE, { user: 'pppoe', subscriber: 'line2', ip: 2 })
  assert.equal(who(1), 'kd1')
})

test('an update without a circuit id brings back a session that had ended for want of updates', () => {
  const { tell, who, sweep } = network()
  tell('start', 0, { user: 'pppoe-1', subscriber: 'line1', ip: 1 })
  for (let at = 5; at < 40; at += 5)
    tell('interim', at * MINUTE, { session: 'other', user: 'pppoe-2', subscriber: 'line2', ip: 2 })
  sweep(36 * MINUTE)
  assert.equal(who(1), 'unknown')
  tell('interim', 37 * MINUTE, { user: 'pppoe-1', ip: 1 })
  assert.equal(who(1), 'kd1')
})

test('an update that may be of two sessions of one user ends none of their leases', () => {
  const before = network()
  before.tell('start', 0, { user: 'pppoe', subscriber: 'line1', ip: 1 })
  const { tell, who, changed } = before.restart()
  changed('line1', 'kd3', MINUTE)
  // In one second, so that which of them was told last is not known.
  tell('interim', 2 * MINUTE, { user: 'pppoe', ip: 1 })
  tell('interim', 2 * MINUTE, { user: 'pppoe', subscriber: 'line1', ip: 1 })
  assert.equal(who(1), 'kd3')
  tell('interim', 3 * MINUTE, { user: 'pppoe', ip: 1 })
  assert.equal(who(1), 'kd3')
  tell('interim', 4 * MINUTE, { user: 'pppoe', subscriber: 'line1', ip: 1 })
  tell('stop', 5 * MINUTE, { user: 'pppoe', subscriber: 'line1', ip: 1 })
  assert.equal(who(1), 'unknown')
})
