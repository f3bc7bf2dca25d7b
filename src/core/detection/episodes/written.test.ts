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
import { charged } from './window/charge.ts'
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

test('clean mail to one person counts three times in an episode, and what is judged spam once', () => {
  const chatter = after(
    newRecord('line', T0, person),
    times(50, () => to([7])),
  )
  assert.equal(scannedOf(chatter), 3)
  const spam = (people: (i: number) => number) =>
    after(
      chatter,
      times(10, i => to([people(i)], 'spam')),
      T0 + HOUR,
    )
  // Of a helper who writes to one mailbox all day, a fifth misjudged is no more than that; a worm's are different people.
  assert.deepEqual([scannedOf(spam(() => 7)), judgedSpamOf(spam(() => 7))], [4, 1])
  assert.deepEqual([scannedOf(spam(i => i)), judgedSpamOf(spam(i => i))], [13, 10])
  assert.equal(spam(() => 7).numbers.judgedSpam, 1)
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

test('clean mail that a limit holds proves nothing, and is no habit', () => {
  const held = { ...to([7]), held: true } as const
  const record = step(newRecord('line', T0, person), [held], T0).state
  assert.equal(scannedOf(record), 0)
  assert.equal(record.numbers.lateMessages, 0)
  assert.equal(scannedOf(step(record, [{ ...to([7], 'spam'), held: true }], T0).state), 1)
})

test('one mailbox under twenty spellings is one person, and makes no mailing', () => {
  const one = step(whose('line'), [to(Array(20).fill(7))], T0).state
  assert.deepEqual([one.numbers.mailingCap, one.numbers.cleanToMany], [0, 0])
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
  // Those of two episodes are not added.
  assert.equal(step(once, [to(others)], T0 + 8 * HOUR).state.numbers.mailingCap, 30)
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

test('another message judged spam costs the window nothing if it goes to a person whom one reached today', () => {
  const asked = { bucket: 'spam-to-known', judgedSpam: true } as const
  const full = { usualMessages: 10, suspectsToday: 99, spamToKnownTokens: 0 }
  const takes = (record: SubjectRecord, whom: number | undefined, at = T0 + HOUR) =>
    take([record], { ...asked, person: whom }, person, at)
  const reachedOnce = takes(whose('line', { windowDay: Math.floor(T0 / DAY) }), 7).records[0]
  assert.ok(reachedOnce)
  assert.equal(reachedOnce.numbers.suspectsToday, 1)
  const over = { ...reachedOnce, numbers: { ...reachedOnce.numbers, ...full } }
  const again = takes(over, 7, T0 + 2 * HOUR)
  assert.equal(again.taken, true)
  assert.equal(again.records[0]?.numbers.suspectsToday, 99)
  // To others it does, and to one of several recipients; while its sender is suspected or held; and on the next day.
  assert.equal(takes(over, 8, T0 + 2 * HOUR).taken, false)
  assert.equal(takes(over, undefined, T0 + 2 * HOUR).taken, false)
  const suspected = { ...over, numbers: { ...over.numbers, sum: 8 } }
  assert.equal(takes(suspected, 7, T0 + 2 * HOUR).taken, false)
  const tomorrow = takes(reachedOnce, 7, T0 + DAY).records[0]
  assert.equal(tomorrow?.numbers.suspectsToday, 1)
  // What only waits has reached no person: the record of the episode names them, and nothing left.
  const waits = step(whose('line', full), [to([7], 'spam')], T0).state
  assert.equal(takes({ ...waits, numbers: { ...waits.numbers, ...full } }, 7, T0).taken, false)
  // The last sixteen are kept, also by the bytes.
  let many = reachedOnce
  for (let i = 100; i < 115; i++)
    many =
      charged([many], { ...asked, units: 1, person: i, byExit: true }, person, T0 + HOUR)[0] ?? many
  const read = decodeRecord(encodeRecord({ ...many, numbers: { ...many.numbers, ...full } }))
  assert.ok('record' in read)
  assert.equal(takes(read.record, 7, T0 + 2 * HOUR).taken, true)
  const [next] = charged(
    [many],
    { ...asked, units: 1, person: 115, byExit: false },
    person,
    T0 + HOUR,
  )
  assert.ok(next)
  assert.equal(
    takes({ ...next, numbers: { ...next.numbers, ...full } }, 7, T0 + 2 * HOUR).taken,
    false,
  )
})
