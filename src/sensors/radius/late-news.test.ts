// What a spool, or a queue on the way, tells long after it happened: who has the address by now, it does not say.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { MINUTE, SECOND } from '../../model/duration.ts'
import { TellerClock } from '../../wire/teller-clock.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'
import { timeOf } from './time-of-event.ts'

const NOW = Date.UTC(2026, 10, 28, 12)
const ADDRESS = '198.51.100.41'

/** One access server whose clock is right and known, unless another is given. */
function server(clock = settled()) {
  const leases = memoryLeases()
  const sessions = new AccountingSessions({
    interim: 10 * MINUTE,
    subscriberOf: name => (name.startsWith('kd') ? name : undefined),
    ...lookupsOf(leases),
  })
  /** `by`: another clock, as after a restart that knows of none. */
  type Told = Partial<Record<'stamp' | 'delay' | 'now', number>> &
    Partial<Record<'address' | 'session', string>> & { by?: TellerClock }
  const tell = (status: SessionNews['status'], user: string, told: Told = {}) => {
    const { stamp, delay = 0, now = NOW, address = ADDRESS, by = clock } = told
    const { session = `s-${user}` } = told
    const stamped = stamp === undefined ? {} : { stamp }
    const time = timeOf({ ...stamped, delay, status }, by, now)
    const record: SessionNews = {
      status,
      nas: '192.0.2.1',
      realm: 'main',
      session,
      user,
      subscriber: user,
      framed: [{ prefix: `${address}/32`, kind: 'address4' }],
      ...stamped,
      ...time,
    }
    for (const { kind, lease } of sessions.hear(record, now))
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const who = (address = ADDRESS) => {
    const { sure, subscriber } = leases.holder('main', address, undefined)
    return subscriber === undefined ? sure : `${sure} ${subscriber}`
  }
  const claimedBy = () => leases.standing('main', `${ADDRESS}/32`)[0]?.claimedBy
  return { tell, who, claimedBy }
}

function settled(): TellerClock {
  const clock = new TellerClock()
  for (let i = 0; i < 4; i++)
    clock.hear(NOW - 3 * MINUTE + i * 20 * SECOND, NOW - 3 * MINUTE + i * 20 * SECOND)
  return clock
}

for (const [what, late] of [
  ['a stamp of 55 minutes ago', { stamp: NOW - 55 * MINUTE }],
  ['an Acct-Delay-Time of 3300', { delay: 55 * 60 * SECOND }],
  ['both', { stamp: NOW - 55 * MINUTE, delay: 55 * 60 * SECOND }],
] as const) {
  test(`${what} says whose an address was, and of now nothing, until its session is told of again`, () => {
    const { tell, who } = server()
    tell('start', 'kd3', late)
    assert.equal(who(), 'ambiguous')
    tell('interim', 'kd3', { stamp: NOW + MINUTE, now: NOW + MINUTE })
    assert.equal(who(), 'certain kd3')
  })

  test(`${what} takes no address from the customer who was told to have it since`, () => {
    for (const user of ['kd3', 'stranger']) {
      const { tell, who, claimedBy } = server()
      tell('start', 'kd12', { stamp: NOW - 60 * MINUTE, now: NOW - 60 * MINUTE })
      tell('interim', 'kd12', { stamp: NOW - 5 * MINUTE, now: NOW - 5 * MINUTE })
      assert.equal(who(), 'certain kd12')
      tell('start', user, late)
      assert.equal(who(), 'ambiguous', user)
      assert.equal(claimedBy(), user === 'kd3' ? user : 'no customer: stranger')
      tell('interim', 'kd12', { stamp: NOW + 5 * MINUTE, now: NOW + 5 * MINUTE })
      assert.equal(who(), 'certain kd12', user)
    }
  })
}

test('while a spool is played in order it is never certain whose a late address is; the first live update says it', () => {
  for (const clock of [settled(), new TellerClock()]) {
    const { tell, who } = server(clock)
    let now = NOW
    const spooled = (
      status: SessionNews['status'],
      user: string,
      age: number,
      address?: string,
    ) => {
      now += 100
      tell(status, user, { stamp: NOW - age * MINUTE, now, ...(address ? { address } : {}) })
      assert.ok(!who().startsWith('certain'), `${status} of ${user}: ${who()}`)
    }
    spooled('start', 'kd3', 55)
    for (let i = 0; i < 150; i++)
      spooled('start', `kd${100 + i}`, 54 - i / 10, `198.51.100.${100 + i}`)
    spooled('stop', 'kd3', 35)
    spooled('start', 'kd12', 30)
    for (const at of [5, 6, 7].map(minutes => now + minutes * MINUTE))
      tell('interim', 'kd12', { stamp: at, now: at })
    assert.equal(who(), 'certain kd12')
  }
})

test('an ordinary small delay is certain at once', () => {
  for (const small of [{ delay: 10 * SECOND }, { stamp: NOW - 20 * SECOND }, {}]) {
    const { tell, who } = server()
    tell('start', 'kd3', small)
    assert.equal(who(), 'certain kd3')
  }
})

test('a Stop of a session that nothing was told of puts in doubt who has had its address since before, and no other', () => {
  for (const before of ['kd3', 'stranger']) {
    const { tell, who } = server()
    tell('start', before, { stamp: NOW, now: NOW })
    tell('start', 'kd5', { stamp: NOW, now: NOW, address: '198.51.100.42' })
    const later = NOW + 5 * MINUTE
    tell('stop', 'kd4', { stamp: later, now: later })
    assert.equal(who(), 'ambiguous')
    assert.equal(who('198.51.100.42'), 'certain kd5')
    tell('interim', before, { stamp: later + MINUTE, now: later + MINUTE })
    assert.equal(who(), before === 'kd3' ? 'certain kd3' : 'unknown')
  }
})

test('a Stop of the session before, whose Start was lost, puts in doubt no session that began with it or after', () => {
  for (const began of [NOW, NOW + SECOND]) {
    const { tell, who } = server()
    tell('start', 'kd3', { stamp: began, now: began })
    tell('stop', 'kd4', { stamp: NOW, now: began + SECOND })
    assert.equal(who(), 'certain kd3')
  }
})

test('a Stop with an address that its session was not told to have puts in doubt who has had it since before', () => {
  const { tell, who } = server()
  tell('start', 'kd3', { stamp: NOW, now: NOW })
  tell('start', 'kd4', { stamp: NOW, now: NOW, address: '198.51.100.42' })
  const later = NOW + 5 * MINUTE
  tell('stop', 'kd4', { stamp: later, now: later })
  assert.equal(who(), 'ambiguous')
})

test('a Stop of the customer’s own, of a session that was never told of, casts no doubt on the one that stands', () => {
  const { tell, who } = server()
  tell('start', 'kd3', { stamp: NOW, now: NOW })
  const later = NOW + 5 * MINUTE
  tell('stop', 'kd3', { session: 'another', stamp: later, now: later })
  assert.equal(who(), 'certain kd3')
  tell('interim', 'kd3', { stamp: later + MINUTE, now: later + MINUTE })
  assert.equal(who(), 'certain kd3')
})

test('a Start that comes behind the Stop of its session begins nothing, also where an older session had its number', () => {
  const { tell, who } = server()
  tell('start', 'kd3', { stamp: NOW, now: NOW })
  tell('stop', 'kd3', { stamp: NOW + MINUTE, now: NOW + MINUTE })
  const later = NOW + 5 * MINUTE
  tell('stop', 'kd3', { stamp: later + SECOND, now: later + 2 * SECOND })
  tell('start', 'kd3', { stamp: later, now: later + 8 * SECOND })
  assert.notEqual(who(), 'certain kd3')
})

test('a copy of a Start that comes behind its Stop begins nothing, by a clock that is not known', () => {
  const { tell, who } = server()
  tell('start', 'kd3', { stamp: NOW, now: NOW })
  tell('stop', 'kd3', { stamp: NOW + 2 * SECOND, now: NOW + 2 * SECOND })
  // By a clock that is ahead, and heard for the first time.
  const by = new TellerClock()
  tell('start', 'kd3', { stamp: NOW + 2 * MINUTE, now: NOW + 4 * SECOND, by })
  assert.notEqual(who(), 'certain kd3')
})
