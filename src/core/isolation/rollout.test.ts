import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
import type { Port25Use, RolloutPart, RolloutState } from '../../model/rollout.ts'
import { dayName, dayOf, daysSeen, membership, notYet, seen, useOf, watched } from './rollout.ts'

const AT = Date.UTC(2026, 10, 20, 12)
const NOBODY: Port25Use = { id: 'anna', destinations: [], more: false, fanOut: 0 }
const reach = (use: Port25Use, count: number, fanOut = 1, at = AT) =>
  Array.from({ length: count }).reduce<Port25Use>(
    (one, _, i) => seen(one, { address: `192.0.2.${i}`, fanOut, at }),
    use,
  )

test('what it is used for: one or two servers, ever other ones, or too many at once', () => {
  assert.equal(useOf(reach(NOBODY, 2)), 'another-server')
  assert.equal(useOf(reach(NOBODY, 9)), 'own-server')
  assert.equal(useOf(reach(NOBODY, 9, 12)), 'looks-infected')
  const many = reach(NOBODY, 60)
  assert.deepEqual([many.destinations.length, many.more], [50, true])
})

test('days are kept for five weeks, each once', () => {
  const twice = reach(reach(NOBODY, 1), 1)
  assert.deepEqual(twice.destinations, [{ address: '192.0.2.0', days: [dayOf(AT)] }])
  const later = seen(twice, { address: '192.0.2.9', fanOut: 1, at: AT + 36 * DAY })
  assert.deepEqual(
    later.destinations.map(one => one.address),
    ['192.0.2.9'],
  )
})

test('a day counts when it was watched nearly all of it', () => {
  const days = Array.from({ length: 40 }, (_, i) => ({
    id: dayName(dayOf(AT) - i),
    minutes: i === 0 ? 300 : 1400,
  }))
  assert.equal(daysSeen(days, AT), 35)
  assert.equal(daysSeen(days.slice(0, 14), AT), 13)
})

const PART: RolloutPart = {
  name: 'north',
  prefixes: ['198.51.100.0/25', '2001:db8:100::/41'],
  date: AT,
}
const TOLD: RolloutState = {
  id: 'north',
  announcedAt: AT - 20 * DAY,
  remindedAt: AT - 3 * DAY,
  told: [],
}

test('closed at its date, when enough was seen and all customers were told, and not before', () => {
  const given = { days: 14, untold: 0, at: AT }
  assert.deepEqual(notYet(PART, TOLD, given), [])
  assert.deepEqual(notYet(PART, undefined, { days: 3, untold: 2, at: AT - DAY }), [
    'only 3 whole days were seen of 14',
    'it is not announced',
    'its date is 2026-11-20',
    '2 customers who use port 25 were not written to',
  ])
  const { remindedAt: _second, ...once } = TOLD
  assert.deepEqual(notYet(PART, { ...once, announcedAt: AT - DAY }, given), [
    'it was announced less than a week ago',
    'the second letter has not been sent',
  ])
})

test('whose line is in a part, and what is still watched', () => {
  const lease = (prefix: string) => [{ realm: 'main', prefix, subscriber: 'anna', from: 0 }]
  assert.deepEqual(
    ['198.51.100.9/32', '198.51.100.200/32', '2001:db8:101::/56', '2001:db8:1ff::/56'].map(one =>
      membership(PART)(lease(one)),
    ),
    [true, false, true, false],
  )
  const south = { ...PART, name: 'south', prefixes: ['198.51.100.128/25'] }
  const started = (name: string) => (name === 'north' ? { ...TOLD, startedAt: AT } : undefined)
  assert.deepEqual(watched([PART, south], started), ['198.51.100.128/25'])
})
