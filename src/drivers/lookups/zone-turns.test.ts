import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ZoneTurns } from './zone-turns.ts'

const LARGE = 3900
const LATER = 1e9

/** Asks all that may be asked now. */
function asked(turns: ZoneTurns<string>, now: number) {
  const found: { zone: string; question: string }[] = []
  for (let one = turns.next(now); one; one = turns.next(now)) found.push(one)
  return found
}

const add = (turns: ZoneTurns<string>, zone: string, question = zone, until = LATER) =>
  turns.add(zone, { question, until })

test('zones that are new take turns, a few questions of each at once and not all of them together', () => {
  const turns = new ZoneTurns<string>()
  for (let zone = 0; zone < 40; zone++)
    for (let i = 0; i < 10; i++) add(turns, `z${zone}`, `${zone} ${i}`)
  const first = asked(turns, 0)
  assert.equal(first.length, 32)
  // Two of each, the youngest first.
  assert.equal(first[0]?.zone, 'z39')
  assert.equal(new Set(first.map(({ zone }) => zone)).size, 16)
  for (const { zone } of first) turns.ended(zone, LARGE, 0)
  // Each that has answered is large now, two of them have their turn when the share allows it.
  assert.deepEqual(
    asked(turns, 0).map(({ zone }) => zone),
    ['z23', 'z23', 'z22', 'z22', 'z21', 'z21', 'z20', 'z20'],
  )
  assert.equal(asked(turns, 20_000).length, 2)
})

test('a zone that answers well earns more questions at once, and one that turns large has one', () => {
  const turns = new ZoneTurns<string>()
  for (let i = 0; i < 1000; i++) add(turns, 'list', `${i}`)
  assert.equal(asked(turns, 0).length, 2)
  for (let i = 0; i < 2; i++) turns.ended('list', 1, 0)
  for (let round = 0; round < 6; round++)
    for (const { zone } of asked(turns, 0)) turns.ended(zone, 0, 0)
  const many = asked(turns, 0)
  assert.equal(many.length, 100)
  for (const { zone } of many) turns.ended(zone, LARGE, 0)
  assert.equal(asked(turns, LATER / 2).length, 1)
})

test('large zones read no more than their share of the time, and what is known as light does not wait for them', () => {
  const turns = new ZoneTurns<string>()
  add(turns, 'honest')
  for (const { zone } of asked(turns, 0)) turns.ended(zone, 1, 0)
  for (let zone = 0; zone < 50; zone++)
    for (let i = 0; i < 50; i++) add(turns, `large${zone}`, `${i}`)
  let read = 0
  for (let now = 0; now < 10_000; now += 10) {
    for (let found = asked(turns, now); found.length > 0; found = asked(turns, now))
      for (const { zone } of found) {
        turns.ended(zone, LARGE, now)
        read += LARGE
      }
    add(turns, 'honest')
    assert.deepEqual(asked(turns, now), [{ zone: 'honest', question: 'honest' }])
    turns.ended('honest', 1, now)
  }
  // A fifth of the time at 20 µs each, with what the new zones of the beginning had.
  assert.ok(read > 10 * 10_000 && read < 10 * 10_000 + 110 * LARGE, `${read} records`)
  const pause = turns.pause(10_000)
  assert.ok(pause !== undefined && pause > 0, 'there is nothing to wake it otherwise')
})

test('while new zones turn out large few of them are asked at once, and honest ones among them raise that again', () => {
  const turns = new ZoneTurns<string>()
  const zones = (what: string, n: number) => {
    for (let i = 0; i < n; i++) add(turns, `${what}${i}`)
  }
  zones('large', 32)
  for (const { zone } of asked(turns, 0)) turns.ended(zone, LARGE, 0)
  zones('b', 100)
  const few = asked(turns, 0)
  assert.equal(few.length, 8)
  for (const { zone } of few) turns.ended(zone, 1, 0)
  const more = asked(turns, 0)
  assert.equal(more.length, 16)
  // Silence says nothing.
  for (const { zone } of more) turns.ended(zone, undefined, 0)
  assert.equal(asked(turns, 0).length, 16)
})

test('a question that has waited too long is not asked, and of a large zone few wait', () => {
  const turns = new ZoneTurns<string>()
  for (let i = 0; i < 10; i++) add(turns, 'a', `${i}`, 100)
  assert.equal(asked(turns, 0).length, 2)
  for (let i = 0; i < 2; i++) turns.ended('a', LARGE, 0)
  assert.equal(asked(turns, LATER / 2).length, 0)
  let taken = 0
  while (taken < 1000 && add(turns, 'a')) taken++
  assert.equal(taken, 100)
  const [first, ...others] = asked(turns, LATER / 2)
  assert.ok(first)
  assert.deepEqual(others, [])
})

test('a large zone that has mended itself is light again', () => {
  const turns = new ZoneTurns<string>()
  const once = (read: number, now: number) => {
    add(turns, 'a')
    const found = asked(turns, now)
    for (const { zone } of found) turns.ended(zone, read, now)
    return found.length
  }
  once(LARGE, 0)
  for (let i = 1; i < 15; i++) assert.equal(once(1, i * 1000), 1)
  for (let i = 0; i < 10; i++) add(turns, 'a', `${i}`)
  assert.equal(asked(turns, 15_000).length, 8)
})
