// Mailings to known people in the window: what a club sends has room, what a worm sends has none.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { T0, whose } from '../../../../../test/support/window-record.ts'
import { DAY, HOUR } from '../../../../model/duration.ts'
import type { SubjectRecord } from '../state.ts'
import { step } from '../step.ts'
import { ALLOWANCES } from '../tables.ts'
import { bucketOf } from './bucket-of.ts'
import { charged } from './charge.ts'
import type { Waits } from './exits.ts'
import { leaving as messageLeaves } from './leaving.ts'
import { take } from './take.ts'

const { person } = ALLOWANCES
const waits: Waits = {
  bucket: 'spam-to-known',
  judgedSpam: true,
  since: T0,
  waiting: 1,
  size: 1,
  messageLeft: false,
}

test('who sends clean mailings to known people has room for one that is taken for spam, once in four weeks', () => {
  const mailing = { kind: 'message', recipients: 50, firstTimers: 0, judged: 'clean' } as const
  const sent = (recipients: number, sum = 0, judged: 'clean' | 'spam' = 'clean') =>
    step(whose('line', { sum }), [{ ...mailing, recipients, judged }], T0).state
  const room = (of: SubjectRecord, days: number) =>
    take([of], { bucket: 'known', judgedSpam: false }, person, T0 + days * DAY).records[0]?.numbers
      .mailingTokens
  assert.equal(room(sent(50), 14), 25)
  assert.equal(room(sent(20), 56), 20)
  assert.equal(room(sent(200), 56), 75)
  // No mailing, not clean, or suspected.
  for (const none of [sent(19), sent(50, 0, 'spam'), sent(50, 9)]) assert.equal(room(none, 28), 0)

  const club = whose('line', { mailingCap: 75, mailingTokens: 50, spamToKnownTokens: 0 })
  const letter = { ...waits, bucket: 'spam-to-known', units: 50, size: 50 } as const
  const at = T0 + HOUR
  assert.deepEqual(messageLeaves([club], letter, person, at), {
    what: 'leaves',
    units: 50,
    byExit: true,
  })
  const [paid] = charged([club], { ...letter, byExit: true }, person, at)
  assert.ok((paid?.numbers.mailingTokens ?? 9) < 1)
  assert.ok((paid?.numbers.suspectsToday ?? 9) < 1)
  // With the exit's sixty and more it reaches a hundred, which of others wait.
  const large = { ...letter, units: 100, size: 100 }
  assert.equal(messageLeaves([club], large, person, at).what, 'leaves')
  assert.equal(
    messageLeaves([whose('line', { spamToKnownTokens: 0 })], large, person, at).what,
    'waits',
  )
  // The next one is as of any other sender: whole, and owed.
  const [owes] = charged(paid ? [paid] : [], { ...letter, byExit: true }, person, at)
  assert.ok((owes?.numbers.spamToKnownTokens ?? 0) < -35)
})

test('beside spam what goes to five known people at once waits as it, and the mailings of a club do not', () => {
  const part = { judged: 'clean', hasFirstTimer: false, firstTimer: false, fresh: false } as const
  const foul = (numbers: Partial<SubjectRecord['numbers']> = {}) => {
    const record = whose('line', { sum: 4, ...numbers })
    record.tried[1] = 6
    record.hit[1] = 3
    return record
  }
  assert.equal(bucketOf([foul()], { ...part, recipients: 5 }), 'spam-to-known')
  assert.equal(bucketOf([foul()], { ...part, recipients: 4 }), 'known')
  assert.equal(bucketOf([foul({ sum: 2 })], { ...part, recipients: 50 }), 'known')
  assert.equal(bucketOf([foul({ mailingCap: 75 })], { ...part, recipients: 20 }), 'known')
  assert.equal(bucketOf([foul({ mailingCap: 75 })], { ...part, recipients: 19 }), 'spam-to-known')
})

test('of what goes to many and most of which is judged spam, the rest is what a filter misses; a club has one of eight', () => {
  const part = { judged: 'clean', hasFirstTimer: false, firstTimer: false, fresh: false } as const
  const people = (from: number) => Array.from({ length: 60 }, (_, i) => from + i)
  const to = (judged: 'clean' | 'spam', from: number) =>
    ({ kind: 'message', recipients: 60, firstTimers: 0, people: people(from), judged }) as const
  const after = (what: readonly ('clean' | 'spam')[], record: SubjectRecord = whose('line')) =>
    what.reduce((now, judged, i) => step(now, [to(judged, i * 60)], T0 + i * HOUR).state, record)
  const bucket = (record: SubjectRecord) => bucketOf([record], { ...part, recipients: 60 })
  // Though nothing speaks against it yet, and though it sent mailings before.
  const spams = (count: number) => Array.from({ length: count }, () => 'spam' as const)
  const worm = [...spams(6), 'clean'] as const
  assert.equal(bucket(after(worm)), 'spam-to-known')
  assert.equal(bucket(after(worm, whose('line', { mailingCap: 75 }))), 'spam-to-known')
  assert.equal(after(worm).numbers.mailingCap, 0)
  assert.equal(bucket(after([...spams(5), 'clean'], whose('line', { mailingCap: 75 }))), 'known')
  assert.equal(bucket(after(['spam', 'clean', 'clean', 'clean'])), 'known')
  // A stranger among them changes nothing; a message to few is its owner's; the owner's word is one.
  const mixed = { ...part, hasFirstTimer: true, recipients: 60 }
  assert.equal(bucketOf([after(worm)], mixed), 'spam-to-new')
  assert.equal(bucketOf([after(worm)], { ...part, recipients: 4 }), 'known')
  const word = { freeUntil: T0 + 9 * DAY, freeNew: 5 }
  assert.equal(bucket(after(worm, whose('line', word))), 'known')
  // The next day's first message may be such a one, if many were.
  const club = after(worm, whose('line', { mailingCap: 75 }))
  assert.equal(bucket(step(club, [to('clean', 0)], T0 + DAY).state), 'known')
  const long = after(spams(12))
  assert.equal(bucket(step(long, [to('clean', 0)], T0 + DAY).state), 'spam-to-known')
})
