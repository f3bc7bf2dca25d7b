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

test('clean mail to one person counts three times in an episode, and what is judged spam unless clean mail to the same person covers it', () => {
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
  // Its chatter with one mailbox covers one more to that mailbox, and none to others.
  assert.deepEqual([scannedOf(spam(() => 7)), judgedSpamOf(spam(() => 7))], [12, 9])
  assert.deepEqual([scannedOf(spam(i => i)), judgedSpamOf(spam(i => i))], [13, 10])
  assert.deepEqual([judgedSpamOf(spam(() => 8)), spam(() => 8).numbers.judgedSpam], [10, 10])
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

test('of a helper who writes to one mailbox all day a fifth misjudged counts once, and more than a quarter by what is more', () => {
  const day = (every: number) =>
    after(
      newRecord('line', T0, person),
      times(100, i => to([7], i % every === every - 1 ? 'spam' : 'clean')),
    )
  assert.deepEqual([scannedOf(day(5)), judgedSpamOf(day(5)), day(5).numbers.judgedSpam], [4, 1, 1])
  assert.equal(judgedSpamOf(day(4)), 1)
  // Of 50, a third is covered by 50 clean ones, but for the first.
  assert.ok(judgedSpamOf(day(2)) > 30, `${judgedSpamOf(day(2))}`)
  // It is kept in the bytes; another episode begins anew.
  const read = decodeRecord(encodeRecord(day(5)))
  assert.ok('record' in read)
  const later = (at: number) => judgedSpamOf(step(read.record, [to([7], 'spam')], at).state)
  assert.deepEqual([later(T0 + 2 * HOUR), later(T0 + 12 * HOUR)], [1, 1])
  assert.equal(scannedOf(step(read.record, [to([7], 'spam')], T0 + 2 * HOUR).state), 4)
})

test('what is judged spam to many counts if clean mail to one of them does not cover it', () => {
  const chatter = (people: readonly number[]) =>
    after(newRecord('line', T0, person), [
      to([1, 2], 'spam'),
      ...times(3, () => to([...people])),
      to([1, 2], 'spam'),
    ])
  assert.equal(judgedSpamOf(chatter([1, 2])), 1)
  assert.equal(judgedSpamOf(chatter([1])), 2)
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

test('chatter teaches no more messages a day than three for each person', () => {
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
  // One covered by the chatter, and the same again.
  assert.equal(day(3, 2).usualSpam, day(3, 1).usualSpam)
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

test('clean mail that a limit holds is no habit; it stands beside the spam of the same list all the same', () => {
  const held = { ...to([7]), held: true } as const
  const record = step(newRecord('line', T0, person), [held], T0).state
  assert.equal(record.numbers.lateMessages, 0)
  // Else the two in a hundred that a filter misjudges would be all that is known of a list of 300.
  assert.equal(scannedOf(record), 1)
  assert.equal(scannedOf(step(record, [{ ...to([8], 'spam'), held: true }], T0).state), 2)
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

const asked = { bucket: 'spam-to-known', judgedSpam: true } as const
const takes = (record: SubjectRecord, whom: number | undefined, at = T0 + HOUR) =>
  take([record], { ...asked, person: whom }, person, at)
const withNumbers = (record: SubjectRecord, numbers: Partial<SubjectRecord['numbers']>) => ({
  ...record,
  numbers: { ...record.numbers, ...numbers },
})
const beginning = () => whose('line', { windowDay: Math.floor(T0 / DAY) })
const usedUp = { spamToKnownTokens: 0.5, suspectsToday: 1 }

test('another message judged spam to a person whom one reached today costs a tenth of a token, and the day a tenth', () => {
  const [reached] = takes(beginning(), 7).records
  assert.ok(reached)
  assert.equal(reached.numbers.suspectsToday, 1)
  const before = withNumbers(reached, usedUp)
  const again = takes(before, 7)
  assert.equal(again.taken, true)
  assert.equal(again.records[0]?.numbers.suspectsToday, 1.1)
  assert.equal(again.records[0]?.numbers.spamToKnownTokens, 0.4)
  // It costs something: tokens, and a day, end.
  assert.equal(takes(withNumbers(before, { spamToKnownTokens: 0.05 }), 7).taken, false)
  assert.equal(takes(withNumbers(before, { suspectsToday: 16 }), 7).taken, false)
  // By an exit likewise.
  const byExit = { ...asked, units: 1, person: 7, byExit: true } as const
  assert.equal(charged([before], byExit, person, T0 + HOUR)[0]?.numbers.suspectsToday, 1.1)
  // Whole to others, and to one of several recipients; while its sender is suspected or held; and on the next day.
  assert.equal(takes(before, 8).taken, false)
  assert.equal(takes(before, undefined).taken, false)
  assert.equal(takes(withNumbers(before, { sum: 2 }), 7).taken, false)
  assert.equal(takes(withNumbers(before, { holds: 1 }), 7).taken, false)
  const tomorrow = takes(reached, 7, T0 + DAY).records[0]
  assert.equal(tomorrow?.numbers.suspectsToday, 1)
})

test('what only waits has reached no person', () => {
  const waits = step(beginning(), [to([7], 'spam')], T0).state
  assert.equal(takes(withNumbers(waits, usedUp), 7).taken, false)
})

test('the last sixteen that were reached are known again, also by the bytes', () => {
  let [many] = takes(beginning(), 7).records as [SubjectRecord]
  const reaches = (whom: number) =>
    charged([many], { ...asked, units: 1, person: whom, byExit: true }, person, T0 + HOUR)
  for (let i = 100; i < 115; i++) [many] = reaches(i) as [SubjectRecord]
  const read = decodeRecord(encodeRecord(withNumbers(many, usedUp)))
  assert.ok('record' in read)
  assert.equal(takes(read.record, 7).taken, true)
  const [next] = reaches(115) as [SubjectRecord]
  assert.equal(takes(withNumbers(next, usedUp), 7).taken, false)
  assert.equal(takes(withNumbers(next, usedUp), 115).taken, true)
})
