// Whom an episode wrote to: clean mail to the same people proves little, and no habit makes the window for what is judged spam wider than a
// plan's own.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { T0, whose } from '../../../../test/support/window-record.ts'
import { DAY, HOUR, MINUTE } from '../../../model/duration.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import { judgedSpamOf, scannedOf } from './scanned.ts'
import { newRecord, type SubjectRecord } from './state.ts'
import { type Observation, step } from './step.ts'
import { ALLOWANCES } from './tables.ts'
import { rateOf, suspectsADay } from './window/refill.ts'
import { take } from './window/take.ts'

const { person, business } = ALLOWANCES

type MessageSeen = Extract<Observation, { kind: 'message' }>
const to = (
  people: readonly number[] | undefined,
  judged: MessageSeen['judged'] = 'clean',
): MessageSeen => ({
  kind: 'message',
  recipients: people?.length ?? 1,
  firstTimers: 0,
  judged,
  ...(people ? { people } : {}),
})

function after(record: SubjectRecord, messages: readonly MessageSeen[], from = T0): SubjectRecord {
  let now = record
  for (const [i, one] of messages.entries()) now = step(now, [one], from + i * MINUTE).state
  return now
}

const times = (count: number, message: (i: number) => MessageSeen) =>
  Array.from({ length: count }, (_, i) => message(i))

test('clean mail to one person counts three times in an episode, and what is judged spam always', () => {
  const chatter = after(
    newRecord('line', T0, person),
    times(50, () => to([7])),
  )
  assert.equal(scannedOf(chatter), 3)
  const spammed = after(
    chatter,
    times(10, () => to([7], 'spam')),
    T0 + HOUR,
  )
  assert.deepEqual([scannedOf(spammed), judgedSpamOf(spammed)], [13, 10])
  // The record keeps whom it wrote to, as long as the episode lasts.
  const decoded = decodeRecord(encodeRecord(chatter))
  assert.ok('record' in decoded)
  assert.equal(scannedOf(step(decoded.record, [to([7])], T0 + HOUR).state), 3)
  assert.equal(scannedOf(step(decoded.record, [to([7])], T0 + 8 * HOUR).state), 1)
  // A friend more is three more; and one friend of two is enough.
  assert.equal(scannedOf(step(chatter, [to([8])], T0 + HOUR).state), 4)
  assert.equal(scannedOf(step(chatter, [to([7, 8])], T0 + HOUR).state), 4)
  // Mail of an older journal does not say whom it went to, and unread mail is no clean mail.
  assert.equal(
    scannedOf(
      after(
        newRecord('line', T0, person),
        times(50, () => to(undefined)),
      ),
    ),
    50,
  )
  assert.equal(scannedOf(step(newRecord('line', T0, person), [to([1], 'unseen')], T0).state), 0)
})

test('two hundred messages to a hundred and fifty people count, two of whom may be taken for one', () => {
  const record = after(
    newRecord('line', T0, business),
    times(200, i => to([(i * 2_654_435_761) % 150])),
  )
  assert.ok(scannedOf(record) >= 190, `${scannedOf(record)}`)
  // A number may be any.
  for (const odd of [-5, 0.5, NaN, Infinity, 2 ** 53])
    assert.ok(scannedOf(step(record, [to([odd])], T0 + HOUR).state) >= scannedOf(record))
})

test('chatter teaches no more messages a day than three for each person, spam to oneself one', () => {
  const day = (chats: number, spam: number) =>
    step(
      after(newRecord('line', T0, person), [
        ...times(chats, () => to([7])),
        ...times(spam, () => to([7], 'spam')),
      ]),
      [to([7])],
      T0 + 2 * DAY,
    ).state.numbers
  assert.equal(day(300, 0).usualMessages, day(3, 0).usualMessages)
  assert.equal(day(3, 9).usualSpam, day(3, 1).usualSpam)
  assert.ok(day(3, 1).usualSpam > day(3, 0).usualSpam)
})

test('a day of spam teaches little of a habit, however much it was: a worm stretched its own sizes by it', () => {
  const of = (lateSpam: number) =>
    step(whose('line', { habitAt: T0, lateMessages: 40, lateSpam }), [to([7])], T0 + 2 * DAY).state
      .numbers.usualSpam
  assert.ok(of(8) > of(0))
  assert.equal(of(40), of(10))
})

test('no habit makes the window for what is judged spam wider than its plan: people are easily made', () => {
  const usual = whose('line', { usualMessages: person.usual, usualSpam: 1 })
  const many = whose('line', { usualMessages: 5000, usualSpam: 50 })
  assert.deepEqual(rateOf(many, 'spam-to-known', person), rateOf(usual, 'spam-to-known', person))
  assert.equal(suspectsADay(many, person), suspectsADay(usual, person))
  assert.equal(suspectsADay(many, person), 16)
  assert.ok(suspectsADay(many, business) > 16)
  // Its clean mail to known people goes by its own habit, also during a hold.
  assert.ok(rateOf(many, 'known', person).perHour > rateOf(usual, 'known', person).perHour)
})

test('a mailing makes room for as many as it went to, and none for those whom it did not reach', () => {
  const people = Array.from({ length: 30 }, (_, i) => i)
  const once = step(whose('line'), [to(people)], T0).state
  assert.equal(once.numbers.mailingCap, 30)
  // To the same people again it makes no more; to others it does, up to the most.
  assert.equal(step(once, [to(people)], T0 + HOUR).state.numbers.mailingCap, 30)
  const others = people.map(id => 30 + id)
  const both = step(once, [to(others)], T0 + HOUR).state
  assert.equal(both.numbers.mailingCap, 60)
  assert.equal(step(both, [to(others.map(id => 30 + id))], T0 + HOUR).state.numbers.mailingCap, 75)
  assert.equal(step(whose('line'), [{ ...to(people), held: true }], T0).state.numbers.mailingCap, 0)
})

test('of what is judged spam each known person counts beside a stranger, too', () => {
  const people = Array.from({ length: 75 }, (_, i) => i)
  const mixed = step(whose('line'), [{ ...to(people, 'spam'), firstTimers: 1 }], T0).state
  assert.equal(mixed.numbers.judgedSpam, 10)
  const strangers = step(whose('line'), [{ ...to(people, 'spam'), firstTimers: 75 }], T0).state
  assert.equal(strangers.numbers.judgedSpam, 1)
})

test('what is judged spam and goes to a stranger by tokens counts in the day of the exit', () => {
  const asked = { bucket: 'spam-to-new', judgedSpam: true } as const
  const { records } = take([whose('line')], asked, person, T0)
  assert.equal(records[0]?.numbers.suspectsToday, 1)
})
