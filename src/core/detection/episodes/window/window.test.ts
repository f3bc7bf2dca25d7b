// The window: how much leaves, when, and in which order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { T0, whose } from '../../../../../test/support/window-record.ts'
import * as fc from 'fast-check'
import { DAY, HOUR, MINUTE } from '../../../../model/duration.ts'
import { decodeRecord, encodeRecord } from '../record.ts'
import type { SubjectRecord } from '../state.ts'
import { step } from '../step.ts'
import { ALLOWANCES, FORGOTTEN_A_DAY } from '../tables.ts'
import { bucketOf } from './bucket-of.ts'
import { exit, type Waits } from './exits.ts'
import { forecast } from './forecast.ts'
import type { Bucket } from './refill.ts'
import { releaseOrder } from './release-order.ts'
import { acceptedQuietly, take } from './take.ts'
import { charged } from './charge.ts'
import { leaving as messageLeaves } from './leaving.ts'

const { person, business } = ALLOWANCES

/** How many leave of so many that are asked for, one at each time. */
function leaving(
  records: readonly SubjectRecord[],
  bucket: Bucket,
  times: readonly number[],
  allowance = person,
) {
  let now = records
  let left = 0
  for (const at of times) {
    const { taken, records } = take(
      now,
      { bucket, judgedSpam: bucket.startsWith('spam') },
      allowance,
      at,
    )
    now = records
    if (taken) left++
  }
  return { left, now }
}
const atOnce = (count: number) => Array<number>(count).fill(T0)
const everyMinute = (hours: number, from = T0) =>
  Array.from({ length: hours * 60 }, (_, i) => from + i * MINUTE)

test('at once a bucket leaves what it holds: 16 new, 2 spam-judged ones to new people', () => {
  assert.equal(leaving([whose('line')], 'new', atOnce(100)).left, 16)
  assert.equal(leaving([whose('line')], 'spam-to-new', atOnce(100)).left, 2)
  assert.equal(leaving([whose('line')], 'spam-to-known', atOnce(100)).left, 4)
  assert.equal(leaving([whose('line')], 'known', atOnce(100)).left, 100)
  assert.equal(leaving([whose('line', { holds: 1, sum: 9 })], 'known', atOnce(100)).left, 4)
})

test('then as many an hour as its rate, fewer under suspicion, one in two days at least', () => {
  const hours = (sum: number, bucket: Bucket, count: number) =>
    leaving([whose('line', { sum, newTokens: 0, spamToNewTokens: 0 })], bucket, everyMinute(count))
      .left
  assert.equal(hours(0, 'new', 3), 47)
  assert.equal(hours(0, 'spam-to-new', 20), 9)
  assert.ok(hours(9, 'new', 10) < 30)
  assert.equal(hours(40, 'new', 4 * 24), 1)
  assert.equal(hours(40, 'spam-to-new', 4 * 24), 1)
})

test('the ceilings are a day’s and a week’s, of business plans larger', () => {
  const many = { newTokens: 5000 }
  assert.equal(leaving([whose('line', many)], 'new', atOnce(3000)).left, 200)
  assert.equal(leaving([whose('line', many)], 'new', atOnce(3000), business).left, 1000)
  const days = Array.from({ length: 6 }, (_, day) => Array<number>(250).fill(T0 + day * DAY)).flat()
  const { left } = leaving([whose('line', many)], 'new', days)
  assert.ok(left > 400 && left < 800, `${left}`)
})

test('a message to many goes to so many as as many messages would reach', () => {
  const units = 50
  for (const bucket of ['new', 'spam-to-new', 'spam-to-known'] as const)
    for (const sum of [0, 4, 9, 40])
      for (const more of [
        {},
        { newTokens: 3.5 },
        { freeNew: 5, freeSpam: 2, freeUntil: T0 + HOUR },
      ]) {
        const records = [whose('line', { sum, ...more })]
        const judgedSpam = bucket.startsWith('spam')
        const one = messageLeaves(
          records,
          { bucket, judgedSpam, units, size: units, since: T0, waiting: 1 },
          person,
          T0,
        )
        const each = leaving(records, bucket, atOnce(units))
        assert.deepEqual(
          one,
          each.left > 0 ? { what: 'leaves', units: each.left, byExit: false } : { what: 'waits' },
        )
        const paid = charged(
          records,
          { bucket, judgedSpam, units: each.left, byExit: false },
          person,
          T0,
        )
        if (each.left > 0) assert.deepEqual(paid, each.now)
      }
})

test('by the exit a message to known people goes to all, and what is more than a day lets go is owed', () => {
  const many = (units: number) =>
    ({ ...waits, bucket: 'spam-to-known', units, size: units }) as const
  const records = [whose('line')]
  const at = T0 + HOUR
  const said = messageLeaves(records, many(50), person, at)
  assert.deepEqual(said, { what: 'leaves', units: 50, byExit: true })
  const paid = charged(records, { ...many(50), byExit: true }, person, at)
  assert.equal(paid[0]?.numbers.suspectsToday, 50)
  assert.equal(Math.ceil(paid[0]?.numbers.spamToKnownTokens ?? 0), 4 - 37)
  assert.equal(messageLeaves(paid, many(1), person, at).what, 'waits')
  // The next days: few leave, many wait until nothing is owed.
  const later = (days: number, units: number) =>
    messageLeaves(paid, { ...many(units), since: T0 + days * DAY }, person, at + days * DAY).what
  assert.equal(later(1, 12), 'leaves')
  assert.equal(later(1, 13), 'waits')
  assert.equal(later(4, 13), 'waits')
  assert.equal(later(5, 13), 'leaves')
})

test('a message to more known people than five days let go waits for its tokens or its owner’s word', () => {
  const size = (units: number, numbers: Partial<SubjectRecord['numbers']> = {}) =>
    messageLeaves(
      [whose('line', { spamToKnownTokens: 0, ...numbers })],
      { ...waits, bucket: 'spam-to-known', units, size: units, since: T0 - DAY },
      person,
      T0,
    ).what
  assert.equal(size(62), 'leaves')
  assert.equal(size(63), 'waits')
  assert.equal(size(100, { freeSpam: 50, freeUntil: T0 + HOUR }), 'leaves')
})

test('an acceptance that stays quiet gives two tokens, five times a day of one domain, and none to the suspected', () => {
  const accept = (record: SubjectRecord, times: number, large = false) => {
    let now = record
    for (let i = 0; i < times; i++) now = acceptedQuietly(now, { domain: 7, large }, person, T0)
    return now.numbers.newTokens
  }
  assert.equal(accept(whose('line'), 100), 16 + 10)
  assert.equal(accept(whose('line'), 100, true), 16 + 80)
  assert.equal(accept(whose('line', { sum: 6 }), 100), 16)
  assert.equal(accept(whose('line', { lateAnswers: 20, lateGone: 10 }), 100), 16)
  const refused = step(
    whose('line'),
    [{ kind: 'answer', toFirstTimer: false, said: 'refused-as-spam' }],
    T0,
  )
  assert.equal(refused.state.numbers.newTokens, 1)
})

test('tokens of all subjects are taken, or of none', () => {
  const login = whose('login')
  const both = leaving([login, whose('source', { regulars: 9 })], 'new', atOnce(100))
  assert.equal(both.left, 16)
  // A strange source has a fifth.
  const strange = whose('source', { newTokens: 3 })
  const few = leaving([login, strange], 'new', atOnce(100))
  assert.equal(few.left, 3)
  assert.equal(few.now[0]?.numbers.newTokens, 13)
})

test('mail of a refused source: what is judged spam waits for its owner’s word, the other pays there still', () => {
  const source = whose('source', { sum: 14, refusesAuth: 1, newTokens: 1 })
  const records = [whose('login'), source]
  assert.equal(leaving(records, 'spam-to-new', everyMinute(48)).left, 0)
  // Three hundred logins that wait there have one token, and another in 48 hours.
  const logins = Array.from({ length: 300 }, () => whose('login'))
  let now: SubjectRecord = source
  let left = 0
  for (const login of logins) {
    const some = leaving([login, now], 'new', everyMinute(1))
    left += some.left
    now = some.now[1] as SubjectRecord
  }
  assert.equal(left, 1)
  const clean = { ...waits, bucket: 'new', judgedSpam: false, since: T0 } as const
  const late = (more: Partial<SubjectRecord['numbers']>) =>
    exit([whose('login'), whose('source', more)], clean, person, T0 + 25 * HOUR).exit
  assert.equal(late({ sum: 14, refusesAuth: 1 }), 'waits')
  assert.equal(late({ sum: 11, refusesAuth: 1 }), 'leaves')
  assert.equal(late({ sum: 11, refusesAuth: 1, leftThisWeek: 400 }), 'waits')
  const me = step(records[0] as SubjectRecord, [{ kind: 'was-me' }], T0).state
  const said = [me, records[1] as SubjectRecord]
  assert.equal(leaving(said, 'spam-to-new', atOnce(100)).left, 10 + 2)
  assert.equal(exit(said, clean, person, T0 + 25 * HOUR).exit, 'waits')
})

const waits: Waits = {
  bucket: 'spam-to-new',
  judgedSpam: true,
  since: T0,
  waiting: 1,
  size: 1,
  messageLeft: false,
}
const exits = (
  numbers: Partial<SubjectRecord['numbers']>,
  after: number,
  more: Partial<Waits> = {},
) => exit([whose('line', numbers)], { ...waits, ...more }, person, T0 + after).exit

test('the suspect exit opens after half an hour, fourteen or thirty-six hours of quiet, by suspicion', () => {
  assert.equal(exits({}, 29 * MINUTE), 'waits')
  assert.equal(exits({}, 30 * MINUTE), 'leaves')
  assert.equal(exits({ sum: 7 }, 13.9 * HOUR), 'waits')
  assert.equal(exits({ sum: 7 }, 14 * HOUR), 'leaves')
  assert.equal(exits({ sum: 12 }, 35 * HOUR), 'waits')
  assert.equal(exits({ sum: 12 }, 36 * HOUR), 'leaves')
  assert.equal(exits({ sum: 14 }, 36 * HOUR), 'waits')
  assert.equal(exits({ lastSpamAt: T0 + 20 * MINUTE }, 49 * MINUTE), 'waits')
  assert.equal(exits({ suspectsToday: 13 }, HOUR), 'waits')
  assert.equal(exits({}, HOUR, { waiting: 400 }), 'leaves')
  assert.equal(exits({ sum: 7.8 }, 14 * HOUR, { waiting: 400 }), 'leaves')
  assert.equal(exits({ sum: 8 }, 14 * HOUR, { waiting: 61 }), 'waits')
  assert.equal(exits({ sum: 10.5 }, 36 * HOUR, { waiting: 60 }), 'leaves')
  assert.equal(exits({ sum: 10.5 }, 36 * HOUR, { waiting: 61 }), 'waits')
  assert.equal(exits({}, HOUR, { bucket: 'spam-to-known', waiting: 61 }), 'waits')
  assert.equal(exits({ sum: 8 }, 14 * HOUR, { bucket: 'spam-to-known', waiting: 16 }), 'waits')
  const many = { suspectsToday: 99 }
  assert.equal(exits(many, HOUR, { bucket: 'spam-to-known', messageLeft: true }), 'leaves')
})

test('each day of quiet lets as many more a day leave, to strangers and while little is suspected', () => {
  const left = (sum: number, suspectsToday: number, days: number, bucket: Bucket = 'spam-to-new') =>
    exits(
      {
        sum: sum + FORGOTTEN_A_DAY * days,
        usualSpam: 0,
        suspectsToday,
        windowDay: Math.floor((T0 + days * DAY) / DAY),
      },
      days * DAY,
      { bucket },
    )
  assert.equal(left(7.4, 12, 0.9), 'waits')
  assert.equal(left(7.4, 12, 1), 'leaves')
  assert.equal(left(7.4, 35, 2), 'leaves')
  assert.equal(left(7.4, 36, 2), 'waits')
  assert.equal(left(7.6, 12, 1), 'waits')
  assert.equal(left(4, 12, 1, 'spam-to-known'), 'waits')
})

test('clean mail leaves after a day, spam-judged mail returns after five', () => {
  const clean = { bucket: 'new', judgedSpam: false } as const
  assert.equal(exits({}, 24 * HOUR, clean), 'waits')
  assert.equal(exits({}, 24 * HOUR + 1, clean), 'leaves')
  assert.equal(exits({ sum: 11.8 }, 24 * HOUR + 1, clean), 'waits')
  assert.equal(exits({}, 25 * HOUR, { ...clean, waiting: 41 }), 'waits')
  assert.equal(exits({ knownToday: 0 }, 25 * HOUR, { ...clean, bucket: 'known' }), 'leaves')
  assert.equal(exits({ sum: 30 }, 120 * HOUR, {}), 'waits')
  assert.equal(exits({ sum: 30 }, 120 * HOUR + 1, {}), 'returns')
  assert.equal(exits({ sum: 30 }, 400 * HOUR, clean), 'waits')
})

test('a clock that is set back opens no exit', () => {
  const ahead = { at: T0 + 2 * DAY, tokensAt: T0 + 2 * DAY, lastSpamAt: T0 + 2 * DAY }
  const clean = { bucket: 'new', judgedSpam: false } as const
  assert.equal(exits(ahead, MINUTE, clean), 'waits')
  assert.equal(exits(ahead, 25 * HOUR, clean), 'leaves')
  assert.equal(exits(ahead, 40 * MINUTE), 'waits')
  assert.equal(exits(ahead, 2 * DAY + 40 * MINUTE), 'leaves')
})

test('what the filter calls clean goes with the spam of its episode', () => {
  const part = {
    judged: 'clean',
    hasFirstTimer: true,
    firstTimer: true,
    fresh: false,
    recipients: 1,
  } as const
  const foul = whose('line', { sum: 4 })
  foul.tried[1] = 6
  foul.hit[1] = 3
  assert.equal(bucketOf([foul], part), 'spam-to-new')
  assert.equal(bucketOf([whose('line', { sum: 4 })], part), 'new')
  assert.equal(bucketOf([foul], { ...part, hasFirstTimer: false, firstTimer: false }), 'known')
  foul.numbers.sum = 2
  assert.equal(bucketOf([foul], part), 'new')
  assert.equal(bucketOf([foul], { ...part, judged: 'spam' }), 'spam-to-new')
  foul.numbers.sum = 4
  // What was announced goes before it, as long as any of it is left.
  foul.numbers.freeUntil = T0 + 1
  assert.equal(bucketOf([foul], part), 'spam-to-new')
  foul.numbers.freeNew = 1
  assert.equal(bucketOf([foul], part), 'new')
  foul.numbers.freeUntil = T0
  assert.equal(bucketOf([foul], part), 'spam-to-new')
  const known = { ...part, judged: 'spam', hasFirstTimer: false, firstTimer: false } as const
  assert.equal(bucketOf([foul], known), 'spam-to-known')
  assert.equal(bucketOf([foul], { ...known, fresh: true }), 'spam-to-new')
})

test('during a hold for what a filter says, an episode has the face of the last one until it shows its own', () => {
  const part = {
    judged: 'clean',
    hasFirstTimer: true,
    firstTimer: true,
    fresh: false,
    recipients: 1,
  } as const
  const held = (scanned: number, content: number) => {
    const record = whose('line', { sum: 9, holds: 1 })
    record.tried[1] = scanned
    record.kinds[0] = content
    return bucketOf([record], part)
  }
  assert.equal(held(1, 4), 'spam-to-new')
  assert.equal(held(1, 0), 'new')
  assert.equal(held(3, 4), 'new')
})

test('under suspicion a message with a first-timer waits whole; else those whom its sender knows get it first', () => {
  const toKnown = {
    judged: 'unseen',
    hasFirstTimer: true,
    firstTimer: false,
    fresh: false,
    recipients: 2,
  } as const
  assert.equal(bucketOf([whose('line', { sum: 2.9 })], toKnown), 'known')
  assert.equal(bucketOf([whose('line', { sum: 3 })], toKnown), 'new')
  assert.equal(bucketOf([whose('login'), whose('source', { sum: 3 })], toKnown), 'new')
  assert.equal(bucketOf([whose('line', { sum: 8 })], { ...toKnown, hasFirstTimer: false }), 'known')
})

test('release is round robin over the buckets, in each the oldest first', () => {
  const one = (bucket: Bucket, since: number) => ({ bucket, since })
  const order = releaseOrder([
    one('spam-to-new', 1),
    one('new', 3),
    one('new', 2),
    one('known', 9),
    one('spam-to-new', 0),
  ])
  assert.deepEqual(
    order.map(({ bucket, since }) => `${bucket} ${since}`),
    ['known 9', 'new 2', 'spam-to-new 0', 'new 3', 'spam-to-new 1'],
  )
  assert.deepEqual(releaseOrder([]), [])
})

test('the forecast is when the last really leaves, if nothing else happens', () => {
  const record = whose('line', { newTokens: 0 })
  const said = forecast(record, { bucket: 'new', recipients: 40, since: T0 }, person, T0)
  assert.equal(said, T0 + 2.5 * HOUR)
  const minutes = everyMinute(3).filter(at => at <= said + MINUTE)
  assert.equal(leaving([record], 'new', minutes).left, 40)
  const spam = { bucket: 'spam-to-new', recipients: 1000, since: T0 } as const
  assert.equal(forecast(record, spam, person, T0), T0 + 120 * HOUR)
  const days = { bucket: 'new', recipients: 450, since: T0 } as const
  assert.equal(forecast(record, days, person, T0), T0 + 2 * DAY)
})

test('whatever is asked, whenever: no number is lost, and the bytes are the record', () => {
  const ask = fc.record({
    bucket: fc.constantFrom<Bucket>('known', 'new', 'spam-to-known', 'spam-to-new'),
    units: fc.integer({ min: 1, max: 200 }),
    judgedSpam: fc.boolean(),
    wait: fc.oneof(fc.integer({ min: -DAY, max: 9 * DAY }), fc.constantFrom(0, Number.NaN)),
  })
  fc.assert(
    fc.property(
      fc.array(ask, { maxLength: 40 }),
      fc.double({ min: 0, max: 40, noNaN: true }),
      (all, sum) => {
        let records: readonly SubjectRecord[] = [whose('login', { sum }), whose('source', { sum })]
        let at = T0
        for (const { wait, ...asked } of all) {
          at += wait
          const before = records.map(encodeRecord)
          const { taken, records: next } = take(records, asked, person, at)
          assert.deepEqual(records.map(encodeRecord), before)
          for (const one of next) assert.deepEqual(decodeRecord(encodeRecord(one)), { record: one })
          if (taken && asked.bucket === 'new') assert.ok(next[0]!.numbers.leftToday <= 200 + 200)
          records = next
          if (!Number.isFinite(at)) at = T0
        }
      },
    ),
    { numRuns: 200 },
  )
})
