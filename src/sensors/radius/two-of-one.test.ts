// Two of what should be one: two clients that tell of one address of an access server, two users of one session number; and an access server
// that was silent, or that says late when it began anew.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { HOUR, MINUTE, SECOND } from '../../model/duration.ts'
import type { LeaseChange } from '../../model/lease.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 28)
const INTERIM = 10 * MINUTE

/** Sessions that are told of, and whose addresses are by then; `restart` has what the ledger and the records keep. */
function network(
  leases = memoryLeases(),
  { now = AT, heardAt = AT, interim = INTERIM, records = new Map<string, number>() } = {},
) {
  const twos: string[] = []
  const sessions = new AccountingSessions({
    interim,
    subscriberOf: name => (name.startsWith('kd') ? name : undefined),
    ...lookupsOf(leases),
    anewOf: nas => records.get(nas),
    noteAnew: (nas, at) => void records.set(nas, at),
    ofTwo: ({ session }) => twos.push(session),
  })
  sessions.restore(leases.all(), now, () => heardAt)
  leases.doubt(lease => lease.to === undefined && sessions.isSilent(lease, clock))
  let clock = now
  const apply = (changes: Iterable<LeaseChange>) => {
    for (const { kind, lease } of changes)
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const tell = (
    status: SessionNews['status'],
    user: string,
    at: number,
    more: Partial<SessionNews> & { readonly arrives?: number } = {},
  ) => {
    const { arrives = at, ...rest } = more
    clock = AT + arrives
    const framed = [{ prefix: `198.51.100.${user.slice(2)}/32`, kind: 'address4' as const }]
    const base = { status, nas: '192.0.2.9', realm: 'main', session: user, user, subscriber: user }
    const news = { ...base, framed, at: AT + at, stamp: AT + at, ...rest }
    apply(sessions.hear(news, clock))
  }
  const sweep = (at: number) => {
    clock = AT + at
    apply(sessions.sweep(clock))
  }
  const who = (n: number) => {
    const { sure, subscriber } = leases.holder('main', `198.51.100.${n}`, undefined)
    return sure === 'certain' ? subscriber : sure
  }
  const restart = (at: number) => {
    const [[, heard] = ['', AT]] = sessions.heard()
    return network(memoryLeases(leases.all()), {
      now: AT + at,
      heardAt: heard,
      interim,
      records,
    })
  }
  return { tell, who, sweep, restart, twos, sessions }
}

const FIRST = { teller: '192.0.2.1' }
const SECOND_ONE = { teller: '192.0.2.2' }

for (const [words, ids] of [
  ['numbers of their own', [{}, {}]],
  ['the same session number', [{ session: 's' }, { session: 's' }]],
] as const)
  for (const isRestarted of [false, true])
    test(`two clients of one address with ${words}${isRestarted ? ', after a restart' : ''}: each ends its own sessions only`, () => {
      const both = () => {
        const before = network()
        before.tell('start', 'kd1', 0, { ...FIRST, ...ids[0] })
        before.tell('start', 'kd2', 1000, { ...SECOND_ONE, ...ids[1] })
        if (!isRestarted) return before
        const anew = before.restart(MINUTE)
        // The other one speaks first.
        anew.tell('interim', 'kd2', 2 * MINUTE, { ...SECOND_ONE, ...ids[1] })
        return anew
      }
      const stopped = both()
      stopped.tell('stop', 'kd1', 3 * MINUTE, { ...FIRST, ...ids[0] })
      assert.deepEqual([stopped.who(1), stopped.who(2)], ['unknown', 'kd2'])
      const anew = both()
      anew.tell('nas-on', '', 3 * MINUTE, { ...FIRST, framed: [] })
      assert.deepEqual([anew.who(1), anew.who(2)], ['unknown', 'kd2'])
      const other = both()
      other.tell('nas-on', '', 3 * MINUTE, { ...SECOND_ONE, framed: [] })
      assert.deepEqual([other.who(1), other.who(2)], ['kd1', 'unknown'])
      // What is of before that opens nothing, also after another restart; and the other one's does.
      const again = other.restart(4 * MINUTE)
      again.tell('start', 'kd3', 2 * MINUTE, { ...SECOND_ONE, arrives: 5 * MINUTE })
      again.tell('start', 'kd4', 2 * MINUTE, { ...FIRST, arrives: 5 * MINUTE })
      assert.deepEqual([again.who(3), again.who(4)], ['unknown', 'kd4'])
    })

test('an access server whose name is made of another’s and its client’s ends no session of theirs', () => {
  const { tell, who } = network()
  tell('start', 'kd1', 0, FIRST)
  tell('start', 'kd2', 0, SECOND_ONE)
  for (const { teller } of [FIRST, SECOND_ONE]) {
    const nas = `192.0.2.9 ${teller}`
    for (const user of ['kd1', 'kd2']) tell('stop', user, MINUTE, { nas, framed: [] })
    tell('nas-on', '', MINUTE, { nas, framed: [] })
  }
  assert.deepEqual([who(1), who(2)], ['kd1', 'kd2'])
})

test('sessions of two clients with one number are told apart when the configuration names both', () => {
  const both = () => {
    const before = network()
    before.tell('start', 'kd1', 0, { ...FIRST, session: 's' })
    before.tell('start', 'kd2', 1000, { ...SECOND_ONE, session: 's' })
    return before.restart(MINUTE)
  }
  const stopped = both()
  stopped.tell('interim', 'kd1', 2 * MINUTE, { session: 's' })
  stopped.tell('stop', 'kd2', 3 * MINUTE, { session: 's' })
  assert.deepEqual([stopped.who(1), stopped.who(2)], ['kd1', 'unknown'])
  const told = both()
  for (const minute of [2, 3]) {
    told.tell('interim', 'kd2', minute * MINUTE, { session: 's' })
    assert.deepEqual([told.who(1), told.who(2)], ['kd1', 'kd2'])
  }
  // Of the one whose updates cease the lease ends, and of no other.
  for (let minute = 4; minute < 40; minute += 9)
    told.tell('interim', 'kd2', minute * MINUTE, { session: 's' })
  told.sweep(41 * MINUTE)
  assert.deepEqual([told.who(1), told.who(2)], ['unknown', 'kd2'])
  const anew = both()
  anew.tell('nas-on', '', 2 * MINUTE, { framed: [] })
  assert.deepEqual([anew.who(1), anew.who(2)], ['unknown', 'unknown'])
})

test('sessions of before the configuration named the client are the same sessions after it', () => {
  for (const [before, after] of [
    [FIRST, {}],
    [{}, FIRST],
  ]) {
    const old = network()
    old.tell('start', 'kd1', 0, before)
    const anew = old.restart(MINUTE)
    anew.tell('interim', 'kd2', 2 * MINUTE, after)
    anew.tell('stop', 'kd1', 3 * MINUTE, after)
    assert.deepEqual([anew.who(1), anew.who(2)], ['unknown', 'kd2'])
  }
})

for (const isRestarted of [false, true])
  test(`an access server that was silent: each session is in doubt until it is told of${isRestarted ? ', also after a restart' : ''}`, () => {
    const before = network()
    before.tell('start', 'kd1', 0)
    before.tell('start', 'kd5', 0)
    before.tell('interim', 'kd1', HOUR)
    assert.deepEqual([before.who(1), before.who(5)], ['kd1', 'ambiguous'])
    assert.deepEqual([...before.sessions.silent(AT + HOUR)], [['192.0.2.9', 1, true]])
    const { tell, who, sweep, sessions } = isRestarted ? before.restart(HOUR + MINUTE) : before
    tell('interim', 'kd1', HOUR + 2 * MINUTE)
    assert.deepEqual([who(1), who(5)], ['kd1', 'ambiguous'])
    tell('interim', 'kd5', HOUR + 3 * MINUTE)
    assert.deepEqual([who(1), who(5)], ['kd1', 'kd5'])
    assert.deepEqual([...sessions.silent(AT + HOUR + 3 * MINUTE)], [])
    sweep(HOUR + 4 * MINUTE)
    assert.equal(who(5), 'kd5')
  })

test('what a server that was silent does not tell of again is over after its updates were missed', () => {
  const { tell, who, sweep } = network()
  tell('start', 'kd1', 0)
  tell('start', 'kd5', 0)
  for (const at of [60, 70, 80, 90]) tell('interim', 'kd1', at * MINUTE)
  sweep(90 * MINUTE)
  assert.deepEqual([who(1), who(5)], ['kd1', 'unknown'])
})

const LATE_ON = { framed: [], skew: HOUR, late: HOUR, otherClock: true }

test('an Accounting-On of before all sessions, that comes late, ends and doubts nothing when the clock is as it was', () => {
  const { tell, who } = network()
  tell('start', 'kd1', 0)
  const on = { ...LATE_ON, stamp: AT - HOUR, arrives: MINUTE }
  tell('nas-on', '', MINUTE, on)
  assert.equal(who(1), 'kd1')
  tell('interim', 'kd2', 2 * MINUTE)
  assert.deepEqual([who(1), who(2)], ['kd1', 'kd2'])
})

test('an Accounting-On into a clock that is an hour slow ends what was before it when that is known', () => {
  const { tell, who } = network()
  tell('start', 'kd1', 0)
  tell('nas-on', '', MINUTE, { ...LATE_ON, stamp: AT + MINUTE - HOUR })
  tell('start', 'kd2', 2 * MINUTE, { stamp: AT + 2 * MINUTE - HOUR })
  assert.deepEqual([who(1), who(2)], ['unknown', 'kd2'])
})

test('a session that began and stopped before another one began leaves no doubt about that one', () => {
  const old = { framed: [{ prefix: '198.51.100.1/32', kind: 'address4' as const }], late: HOUR }
  const { tell, who } = network()
  tell('start', 'kd1', 0)
  tell('start', 'kd7', -2 * HOUR, { ...old, arrives: MINUTE })
  assert.equal(who(1), 'ambiguous')
  tell('start', 'kd8', -HOUR, { ...old, arrives: MINUTE })
  tell('stop', 'kd7', -HOUR, { ...old, arrives: MINUTE })
  assert.equal(who(1), 'ambiguous', 'of kd8 it is not known')
  tell('stop', 'kd8', -MINUTE, { ...old, arrives: MINUTE })
  assert.equal(who(1), 'kd1')
  tell('interim', 'kd8', -2 * MINUTE, { ...old, arrives: 2 * MINUTE })
  assert.equal(who(1), 'kd1')
})

test('one number that two users have at once: both are kept, and it is said', () => {
  const { tell, who, twos, restart } = network()
  const same = { session: 's' }
  tell('start', 'kd7', 0, same)
  // Its Start was lost: it may be a number that is used again.
  tell('interim', 'kd8', MINUTE, same)
  assert.deepEqual([who(7), who(8)], ['unknown', 'kd8'])
  for (const at of [2, 4, 6]) {
    tell('interim', 'kd7', at * MINUTE, same)
    assert.deepEqual([who(7), who(8)], ['kd7', 'kd8'])
    tell('interim', 'kd8', (at + 1) * MINUTE, same)
    assert.deepEqual([who(7), who(8)], ['kd7', 'kd8'])
  }
  assert.ok(twos.length > 0)
  const anew = restart(8 * MINUTE)
  anew.tell('stop', 'kd8', 9 * MINUTE, same)
  assert.deepEqual([anew.who(7), anew.who(8)], ['kd7', 'unknown'])
  anew.tell('interim', 'kd7', 10 * MINUTE, same)
  anew.tell('stop', 'kd7', 11 * MINUTE, same)
  assert.equal(anew.who(7), 'unknown')
})

test('a late update of a former user of a number opens nothing', () => {
  const { tell, who, twos } = network()
  tell('start', 'kd7', 0, { session: 's' })
  tell('start', 'kd8', 10 * MINUTE, { session: 's' })
  tell('interim', 'kd7', 9 * MINUTE, { session: 's', arrives: 11 * MINUTE })
  assert.deepEqual([who(7), who(8), twos.length], ['unknown', 'kd8', 0])
})

test('two users with one number and one address: it is never certain which has it', () => {
  const { tell, who } = network()
  const same = { session: 's', framed: [{ prefix: '198.51.100.7/32', kind: 'address4' as const }] }
  tell('start', 'kd7', 0, same)
  tell('start', 'kd8', MINUTE, same)
  for (const at of [2, 4, 6]) {
    tell('interim', 'kd7', at * MINUTE, same)
    assert.equal(who(7), 'ambiguous')
    tell('interim', 'kd8', (at + 1) * MINUTE, same)
    assert.equal(who(7), 'ambiguous')
  }
})

test('a Start with the number of a session that stopped in the same second is of a new one; a copy of that one’s is not', () => {
  for (const user of ['kd1', 'kd2']) {
    const { tell, who } = network()
    tell('start', 'kd1', 0, { session: 's' })
    tell('stop', 'kd1', 5 * SECOND, { session: 's' })
    tell('start', 'kd1', 0, { session: 's', arrives: 5 * SECOND })
    assert.equal(who(1), 'unknown')
    tell('start', user, 5 * SECOND, { session: 's' })
    assert.equal(who(user === 'kd1' ? 1 : 2), user)
    tell('interim', user, 6 * SECOND, { session: 's' })
    assert.equal(who(user === 'kd1' ? 1 : 2), user)
  }
})

test('a Start that its own Stop has overtaken opens nothing, also where its number was another user’s', () => {
  const { tell, who } = network()
  tell('start', 'kd1', 0, { session: 's' })
  tell('stop', 'kd2', 5 * MINUTE, { session: 's' })
  tell('start', 'kd2', 4 * MINUTE, { session: 's', arrives: 5 * MINUTE })
  assert.notEqual(who(2), 'kd2')
})

test('where the clock is not known yet, a Start of another user with a number that is in use ends no session for sure', () => {
  const { tell, who } = network()
  tell('start', 'kd1', 0, { session: 's' })
  tell('interim', 'kd1', MINUTE, { session: 's' })
  tell('start', 'kd2', 2 * MINUTE, { session: 's', skew: 2 * MINUTE })
  assert.equal(who(1), 'ambiguous')
  tell('interim', 'kd1', 11 * MINUTE, { session: 's' })
  assert.equal(who(1), 'kd1')
})
