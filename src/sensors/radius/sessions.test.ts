// A restart forgets how far the clock of an access server is off: what ended before it must not begin anew by a copy of its Start.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { SECOND } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import type { SessionNews } from './accounting.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 27)
const OVER: Lease = {
  realm: 'main',
  prefix: '198.51.100.41/32',
  subscriber: 'kd4',
  from: AT,
  to: AT,
  stopped: true,
  session: { nas: '192.0.2.41', id: '1', user: 'kd4' },
}
const START: SessionNews = {
  status: 'start',
  nas: '192.0.2.41',
  session: '1',
  user: 'kd4',
  subscriber: 'kd4',
  realm: 'main',
  framed: [{ prefix: OVER.prefix, kind: 'address4' }],
  at: AT,
}

test('a copy of a Start right after a restart does not open a session that has ended', () => {
  const sessions = new AccountingSessions({
    interim: 0,
    subscriberOf: name => name,
    standing: () => [],
    begunSince: () => [],
    within: () => [],
    around: () => [],
  })
  sessions.restore([OVER], AT + SECOND)
  assert.deepEqual(sessions.hear({ ...START, at: AT + SECOND }, AT + SECOND), [])
  const [anew] = sessions.hear({ ...START, at: AT + 60 * SECOND }, AT + 60 * SECOND)
  assert.equal(anew?.kind, 'open')
})

/** Sessions that are told, and who has an address by then. */
function told() {
  const leases = memoryLeases()
  const sessions = new AccountingSessions({
    interim: 0,
    subscriberOf: name => name,
    ...lookupsOf(leases),
  })
  const hear = (news: Partial<SessionNews>, now = AT) => {
    for (const { kind, lease } of sessions.hear({ ...START, ...news }, now))
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const at = (prefix: string) => leases.holder('main', prefix.slice(0, prefix.indexOf('/')), 0)
  return { hear, at }
}
const framed = (prefix: string): SessionNews['framed'] => [{ prefix, kind: 'address4' }]
const [FIRST, SECOND_ONE] = ['198.51.100.41/32', '198.51.100.42/32']

test('a Start that is overtaken by an update with another address does not take that address back', () => {
  for (const late of [0, 700]) {
    const { hear, at } = told()
    hear({ status: 'interim', framed: framed(SECOND_ONE) })
    // Its access server has no stamps, or whole seconds: it seems to be of the same time, or later.
    hear({ status: 'start', framed: framed(FIRST), at: AT + late }, AT + late)
    assert.equal(at(SECOND_ONE).subscriber, 'kd4')
    assert.equal(at(FIRST).sure, 'unknown')
  }
})

test('a Stop of before the last update is of a former life of that number: nobody is sure until the next update', () => {
  const { hear, at } = told()
  const timed = (when: number) => ({ at: AT + when, stamp: AT + when })
  hear(timed(0))
  // Its number is used again at once, and the Stop in between comes last.
  hear({ status: 'interim', ...timed(63 * SECOND) }, AT + 64 * SECOND)
  hear({ status: 'stop', ...timed(61 * SECOND) }, AT + 65 * SECOND)
  assert.equal(at(FIRST).sure, 'ambiguous')
  hear({ status: 'interim', ...timed(90 * SECOND) }, AT + 90 * SECOND)
  assert.equal(at(FIRST).subscriber, 'kd4')
})

test('a Start of the same user right after an update, with another address, begins anew; a copy does not', () => {
  const { hear, at } = told()
  const timed = (when: number) => ({ at: AT + when, stamp: AT + when })
  hear(timed(0))
  hear({ status: 'interim', ...timed(60 * SECOND) }, AT + 60 * SECOND)
  hear(timed(0), AT + 61 * SECOND)
  assert.equal(at(FIRST).subscriber, 'kd4')
  hear({ framed: framed(SECOND_ONE), ...timed(62 * SECOND) }, AT + 62 * SECOND)
  assert.deepEqual([at(FIRST).sure, at(SECOND_ONE).subscriber], ['unknown', 'kd4'])
})

test('of two access servers’ claims within a second it is not known which was first: nobody is sure', () => {
  const { hear, at } = told()
  hear({ user: 'kd1', subscriber: 'kd1', nas: 'a', at: AT + 40 })
  // Stamps have whole seconds: this one came later, and was.
  hear({ user: 'kd2', subscriber: 'kd2', nas: 'b', at: AT + 10 }, AT + 300)
  assert.equal(at(FIRST).sure, 'ambiguous')
  // Nor when the later stamp comes later, from an access server whose clock was learned early in a second.
  hear({ user: 'kd1', subscriber: 'kd1', nas: 'a', session: '2', framed: framed(SECOND_ONE) })
  const second = { user: 'kd2', subscriber: 'kd2', nas: 'b', framed: framed(SECOND_ONE) }
  hear({ ...second, session: '2', at: AT + 890 }, AT + 1200)
  assert.equal(at(SECOND_ONE).sure, 'ambiguous')
  // A second later it is.
  hear({ ...second, nas: 'c', user: 'kd4', subscriber: 'kd4', at: AT + 1900 }, AT + 1900)
  assert.equal(at(SECOND_ONE).subscriber, 'kd4')
  // What is older by more than that came late.
  hear({ user: 'kd3', subscriber: 'kd3', nas: 'c', at: AT + 20 * SECOND }, AT + 20 * SECOND)
  hear({ user: 'kd2', subscriber: 'kd2', nas: 'd', at: AT + 10 * SECOND }, AT + 21 * SECOND)
  assert.equal(at(FIRST).subscriber, 'kd3')
})

test('an update of another user with the number of a session that has stopped is of a new session', () => {
  const { hear, at } = told()
  hear({})
  hear({ status: 'stop', at: AT + SECOND })
  // Its own user's comes late.
  hear({ status: 'interim', at: AT + 2 * SECOND })
  assert.equal(at(FIRST).sure, 'unknown')
  hear({ status: 'interim', user: 'kd5', subscriber: 'kd5', at: AT + 3 * SECOND })
  assert.equal(at(FIRST).subscriber, 'kd5')
})

test('an update long after a Stop is of a new session with its number and user, whose Start was lost', () => {
  for (const [stamp, after] of [
    [AT, 6 * SECOND],
    [undefined, 61 * SECOND],
  ] as const) {
    const { hear, at } = told()
    hear({})
    hear({ status: 'stop', at: AT + SECOND })
    const update = (when: number): Partial<SessionNews> => ({
      status: 'interim',
      at: when,
      ...(stamp === undefined ? {} : { stamp }),
    })
    hear(update(AT + after - 2 * SECOND))
    assert.equal(at(FIRST).sure, 'unknown')
    // It may have been so much earlier.
    hear({ ...update(AT + SECOND + after), skew: 10 * SECOND })
    assert.equal(at(FIRST).sure, 'unknown')
    hear(update(AT + SECOND + after))
    assert.equal(at(FIRST).subscriber, 'kd4')
  }
})

test('a claim that is older than a lease that began and ended since is doubtful, until its session is told of again', () => {
  const { hear, at } = told()
  const later = { nas: '192.0.2.46', session: '6', user: 'kd6', subscriber: 'kd6' }
  hear({ ...later, at: AT + 10 * SECOND }, AT + 10 * SECOND)
  hear({ ...later, status: 'stop', at: AT + 20 * SECOND }, AT + 20 * SECOND)
  assert.equal(at(OVER.prefix).sure, 'unknown')
  hear({}, AT + 30 * SECOND)
  assert.equal(at(OVER.prefix).sure, 'ambiguous')
  hear({ status: 'interim', at: AT + 60 * SECOND }, AT + 60 * SECOND)
  assert.deepEqual(
    { sure: at(OVER.prefix).sure, subscriber: at(OVER.prefix).subscriber },
    { sure: 'certain', subscriber: 'kd4' },
  )
})

test('a Start without a stamp that its own Stop has overtaken opens nothing, and leaves others in doubt', () => {
  const { hear, at } = told()
  hear({ status: 'stop' }, AT)
  hear({ at: AT + 200 }, AT + 200)
  assert.equal(at(OVER.prefix).sure, 'unknown')
  const next = { nas: '192.0.2.46', session: '6', user: 'kd6', subscriber: 'kd6' }
  hear({ ...next, at: AT + 300 }, AT + 300)
  hear({ at: AT + 900 }, AT + 900)
  assert.equal(at(OVER.prefix).sure, 'ambiguous')
  hear({ ...next, status: 'interim', at: AT + 60 * SECOND }, AT + 60 * SECOND)
  assert.equal(at(OVER.prefix).subscriber, 'kd6')
  hear({ status: 'start', at: AT + 70 * SECOND }, AT + 70 * SECOND)
  assert.equal(at(OVER.prefix).subscriber, 'kd4', 'a new session with the same number')
})

test('an address inside another customer’s prefix is certain at once; the rest of the prefix is in doubt until its own session is told of', () => {
  for (const [wide, inner, rest] of [
    ['198.51.100.40/29', '198.51.100.41/32', '198.51.100.44/32'],
    ['2001:db8:1a01::/56', '2001:db8:1a01::/64', '2001:db8:1a01:7::/64'],
  ] as const) {
    const { hear, at } = told()
    const kd1 = { user: 'kd1', subscriber: 'kd1', session: 'a', framed: framed(wide) }
    const kd2 = { user: 'kd2', subscriber: 'kd2', session: 'b', framed: framed(inner) }
    hear(kd1)
    assert.equal(at(rest).subscriber, 'kd1')
    hear({ ...kd2, at: AT + 60 * SECOND })
    assert.equal(at(inner).subscriber, 'kd2')
    assert.equal(at(rest).sure, 'ambiguous')
    hear({ ...kd1, status: 'interim', at: AT + 90 * SECOND })
    assert.equal(at(inner).subscriber, 'kd2', 'the longest prefix says whose it is')
    assert.equal(at(rest).subscriber, 'kd1')
  }
})

test('a prefix around another customer’s older address makes that one doubtful until its own session is told of again', () => {
  const { hear, at } = told()
  const kd2 = { user: 'kd2', subscriber: 'kd2', session: 'b', framed: framed(FIRST) }
  hear(kd2)
  const wide = framed('198.51.100.40/29')
  hear({ user: 'kd1', subscriber: 'kd1', session: 'a', framed: wide, at: AT + 60 * SECOND })
  assert.equal(at(FIRST).sure, 'ambiguous')
  assert.equal(at(SECOND_ONE).subscriber, 'kd1')
  hear({ ...kd2, status: 'interim', at: AT + 90 * SECOND })
  assert.equal(at(FIRST).subscriber, 'kd2')
})

test('what a second client tells of an access server with the same address ends no session of the first', () => {
  const { hear, at } = told()
  const second = { teller: '192.0.2.2', user: 'kd2', subscriber: 'kd2', framed: framed(SECOND_ONE) }
  hear({})
  hear({ ...second, at: AT + SECOND })
  hear({ ...second, status: 'interim', at: AT + 2 * SECOND })
  assert.deepEqual([at(FIRST).subscriber, at(SECOND_ONE).subscriber], ['kd4', 'kd2'])
  hear({ ...second, status: 'nas-on', framed: [], at: AT + 60 * SECOND })
  assert.deepEqual([at(FIRST).subscriber, at(SECOND_ONE).sure], ['kd4', 'unknown'])
})

test('a session that goes on by way of a second client goes on, and ends by its Stop there', () => {
  const { hear, at } = told()
  hear({})
  hear({ teller: '192.0.2.2', status: 'interim', at: AT + 60 * SECOND })
  assert.equal(at(FIRST).subscriber, 'kd4')
  assert.equal(at(FIRST).sure, 'certain')
  hear({ teller: '192.0.2.2', status: 'stop', at: AT + 70 * SECOND })
  assert.equal(at(FIRST).sure, 'unknown')
})
