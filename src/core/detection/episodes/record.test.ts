// The bytes of a subject's record: of one size, read back as they were, also those of the versions before; damaged ones are said to be.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { MINUTE } from '../../../model/duration.ts'
import { MAX_STATE } from '../../../ports/subject-state.ts'
import { decodeRecord, encodeRecord, RECORD_BYTES } from './record.ts'
import { draftOf, newRecord } from './state.ts'
import { type Observation, step } from './step.ts'
import { ALLOWANCES, MOST_SUM } from './tables.ts'

const T0 = Date.UTC(2026, 0, 5)
const spam: Observation = { kind: 'message', recipients: 1, firstTimers: 1, judged: 'spam' }
/** By version 1: a line that sent a spam and two clean messages to thirty known people each. */
const WRITTEN_BEFORE = new Uint8Array(
  gunzipSync(
    Buffer.from(
      'H4sIAAAAAAACA2NkYGD4djpgtVPljkvXeBgY7J/mFfMGzf3nwBg7q+bkjRyQ+I4DDAwweRiw/wChYfLEAgcVVP32O2eCwCwHDlR1pJpvP29H4OtWuR0w2sEAap8AlGZA5dMMRDEwMDDDeYxgO7neXCHo/tJD/TZnzpy1dpm9zIZZKN9yrmeQ1ZHZyyyqVzSZqx9dwzAKRiQAAKD4evugAwAA',
      'base64',
    ),
  ),
)

/** By version 2, the same line and messages: it had mailings, and not whom it wrote to. */
const WRITTEN_BY_2 = new Uint8Array(
  gunzipSync(
    Buffer.from(
      'H4sIAAAAAAAAA2NiYGAQ6HeId6rcsd2xgYHBgb371Z/DyRIOgke/1iVu7IGJw2gYcFCB0OjihABMn/0HKL1zJgjMcuBAVQeTJ9Z8+3k7Al+3yu2A0Q4GUPsEoDQDKp9WwCHoAKpAFAMDAzOcxwhW06e/hpA59qWH+m3OnDlr7TJ7mQ2zUL7lXM8gqyOzl1lUr2gyVz9KUP8oGJ4AAPzrJv6wAwAA',
      'base64',
    ),
  ),
)

/** By version 3: a line that sent a spam to one of thirty known people and two clean messages to all. It kept bits of the former. */
const WRITTEN_BY_3 = new Uint8Array(
  gunzipSync(
    Buffer.from(
      'H4sIAAAAAAACA2NmYGCYuLL3mVPlju1xZxgY7D9Y/Zj12m6bA4t8FdurCx4gcccGBgaYPAzYf4DQMHligYMKqn77nTNBYJYDB6o6Us23n7cj8HWr3A4Y7WAAtU8ASjOg8mkFHOzQBGwZGBiY4TxGsBqF3xcI+qf0UL/NmTNnrV1mL7NhFsq3nOsZZHVk9jKL6hVN5upH1zAMcbAKArhwyTcwjAJaAAD91guR8AMAAA==',
      'base64',
    ),
  ),
)

test('what version 3 wrote is read: whom spam went to has no names there', () => {
  const decoded = decodeRecord(WRITTEN_BY_3)
  assert.ok('record' in decoded, JSON.stringify(decoded))
  const { record } = decoded
  assert.equal(record.numbers.sum, 1.0143972445984395)
  assert.equal(record.numbers.mailingCap, 30)
  assert.ok(record.written.subarray(0, 32).some(byte => byte > 0))
  assert.ok(record.written.subarray(32).every(byte => byte === 0))
  assert.deepEqual(decodeRecord(encodeRecord(record)), { record })
  assert.deepEqual(decodeRecord(WRITTEN_BY_3.subarray(0, -1)), { damaged: '1007 bytes' })
})

test('what version 2 wrote is read, too: whom it wrote to in this episode is not known', () => {
  const decoded = decodeRecord(WRITTEN_BY_2)
  assert.ok('record' in decoded, JSON.stringify(decoded))
  const { record } = decoded
  assert.equal(record.numbers.sum, 2.943319296562901)
  assert.equal(record.numbers.mailingCap, 75)
  assert.ok(record.written.every(byte => byte === 0))
  assert.deepEqual(decodeRecord(encodeRecord(record)), { record })
  assert.deepEqual(decodeRecord(WRITTEN_BY_2.subarray(0, -1)), { damaged: '943 bytes' })
})

test('what the first version wrote is read: it had no mailings', () => {
  const decoded = decodeRecord(WRITTEN_BEFORE)
  assert.ok('record' in decoded, JSON.stringify(decoded))
  const { record } = decoded
  assert.equal(record.numbers.sum, 0.6697325954636992)
  assert.equal(record.numbers.lateMessages, 3)
  assert.equal(record.numbers.mailingCap, 0)
  assert.deepEqual(decodeRecord(encodeRecord(record)), { record })
  assert.deepEqual(decodeRecord(WRITTEN_BEFORE.subarray(0, -1)), { damaged: '927 bytes' })
  const wrong = WRITTEN_BEFORE.slice()
  wrong[100] = (wrong[100] as number) ^ 1
  assert.deepEqual(decodeRecord(wrong), { damaged: 'its check sum is another' })
})

test('a record is of one size, which fits the store; damaged bytes are said to be', () => {
  assert.ok(RECORD_BYTES <= MAX_STATE, `${RECORD_BYTES}`)
  let state = newRecord('login', T0, ALLOWANCES.person)
  for (let i = 0; i < 50; i++) state = step(state, [spam], T0 + i * MINUTE).state
  const bytes = encodeRecord(state)
  assert.equal(bytes.length, RECORD_BYTES)
  const damagedBy = (change: (copy: Uint8Array) => Uint8Array | void) => {
    const copy = bytes.slice()
    const found = decodeRecord(change(copy) ?? copy)
    return 'damaged' in found ? found.damaged : 'not damaged'
  }
  assert.equal(
    damagedBy(copy => copy.subarray(0, 3)),
    '3 bytes',
  )
  assert.equal(
    damagedBy(copy => copy.subarray(0, 100)),
    '100 bytes',
  )
  assert.equal(
    damagedBy(copy => void (copy[0] = 9)),
    'version 9',
  )
  assert.equal(
    damagedBy(() => new Uint8Array(0)),
    '0 bytes',
  )
  for (let i = 1; i < bytes.length; i++)
    assert.match(
      damagedBy(copy => void (copy[i] = (copy[i] as number) ^ 0x40)),
      /check sum/,
    )
  // Right bytes of a wrong record.
  const wrong = draftOf(newRecord('line', T0, ALLOWANCES.person))
  wrong.numbers.sum = Number.NaN
  assert.deepEqual(decodeRecord(encodeRecord(wrong)), { damaged: 'sum is NaN' })
  wrong.numbers.sum = MOST_SUM + 1
  assert.deepEqual(decodeRecord(encodeRecord(wrong)), { damaged: 'sum is 41' })
  wrong.numbers.sum = 0
  wrong.hit[0] = 3
  assert.deepEqual(decodeRecord(encodeRecord(wrong)), { damaged: 'more hits than trials' })
})
