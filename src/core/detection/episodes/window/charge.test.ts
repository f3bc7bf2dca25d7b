// A message leaves in one part or two, and what left is charged whatever there is.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../../../model/duration.ts'
import { newRecord, type SubjectRecord } from '../state.ts'
import { ALLOWANCES } from '../tables.ts'
import { charged } from './charge.ts'
import { partsOf } from './parts.ts'
import { take } from './take.ts'

const T0 = Date.UTC(2026, 0, 5, 9)
const { person } = ALLOWANCES

function anna(more: Partial<SubjectRecord['numbers']> = {}): SubjectRecord {
  const record = newRecord('line', T0, person)
  return { ...record, numbers: { ...record.numbers, tokensAt: T0, ...more } }
}

const sent = { judged: 'clean', fresh: false, recipients: 5, firstTimers: 2 } as const

test('known recipients are one part and new ones another, and where both wait for the same the message is whole', () => {
  assert.deepEqual(partsOf([anna()], sent), [
    { units: 3, bucket: 'known', to: 'known' },
    { units: 2, bucket: 'new', to: 'new' },
  ])
  const suspected = anna({ sum: 4 })
  assert.deepEqual(partsOf([suspected], sent), [{ units: 5, bucket: 'new', to: 'all' }])
  const spam = { ...sent, judged: 'spam' } as const
  assert.deepEqual(partsOf([anna()], spam), [{ units: 5, bucket: 'spam-to-new', to: 'all' }])
  const known = { ...sent, firstTimers: 0 }
  assert.deepEqual(partsOf([anna()], known), [{ units: 5, bucket: 'known', to: 'all' }])
  const strangers = { ...sent, firstTimers: 5 }
  assert.deepEqual(partsOf([anna()], strangers), [{ units: 5, bucket: 'new', to: 'all' }])
})

test('what was looked at and left is charged as it would have been taken', () => {
  for (const bucket of ['known', 'new', 'spam-to-known', 'spam-to-new'] as const) {
    const asked = { bucket, units: 1, judgedSpam: bucket.startsWith('spam') }
    for (const record of [anna(), anna({ holds: 1 }), anna({ freeNew: 5, freeUntil: T0 + HOUR })]) {
      const { bucket, judgedSpam } = asked
      const taken = take([record], { bucket, judgedSpam }, person, T0)
      assert.ok(taken.taken)
      const paid = charged([record], { ...asked, byExit: false }, person, T0)
      assert.deepEqual(paid, taken.records)
    }
  }
})

test('what left is charged also where no token is there: the next ones wait for it', () => {
  const asked = { bucket: 'spam-to-new', units: 3, judgedSpam: true } as const
  const [now] = charged([anna()], { ...asked, byExit: false }, person, T0)
  assert.equal(now?.numbers.spamToNewTokens, -1)
  assert.ok(now)
  assert.equal(
    take([now], { bucket: asked.bucket, judgedSpam: asked.judgedSpam }, person, T0).taken,
    false,
  )
})

test('what left by an exit takes no token, and counts in its day', () => {
  const by = { units: 4, byExit: true } as const
  const numbers = (bucket: 'known' | 'new' | 'spam-to-known' | 'spam-to-new') => {
    const judgedSpam = bucket.startsWith('spam')
    const [now] = charged([anna()], { ...by, bucket, judgedSpam }, person, T0)
    const { knownToday, leftToday, suspectsToday, newTokens, spamToNewTokens } = now?.numbers ?? {}
    assert.deepEqual([newTokens, spamToNewTokens], [16, 2])
    return { knownToday, leftToday, suspectsToday }
  }
  const none = { knownToday: 0, leftToday: 0, suspectsToday: 0 }
  assert.deepEqual(numbers('known'), { ...none, knownToday: 1 })
  assert.deepEqual(numbers('new'), { ...none, leftToday: 4 })
  assert.deepEqual(numbers('spam-to-known'), { ...none, suspectsToday: 4 })
  assert.deepEqual(numbers('spam-to-new'), { ...none, suspectsToday: 4 })
})
