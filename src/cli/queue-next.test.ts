import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_HOLD } from '../model/decision.ts'
import { DAY, MINUTE } from '../model/duration.ts'
import type { WindowBucket } from '../model/episode.ts'
import type { QueueRow } from '../ports/spool.ts'
import { nextOf } from './queue-next.ts'

const AT = Date.UTC(2026, 0, 5, 12)
const row = (more: Partial<QueueRow>): QueueRow => ({
  message: 'm',
  recipient: 'bert@elsewhere.example',
  sender: 'anna@isp.example',
  subject: '',
  state: 'held',
  at: AT,
  due: AT,
  attempts: 0,
  nats: 2.2,
  expires: AT + 2 * MAX_HOLD,
  ...more,
})

test('NEXT of a held message is no time at which it goes, unless it goes then', () => {
  const half = { due: AT + 30 * MINUTE }
  const evidence = { why: 'evidence: case K7-2M9Q (mail held by evidence)' }
  assert.match(nextOf(row({ ...half, ...evidence })), /^looked at again .*\(30m after it came\)/)
  const end = { due: AT + MAX_HOLD }
  assert.match(nextOf(row({ ...end, ...evidence })), /^waits for a word; deleted .*\(3d after/)
  const limit = { why: 'over-limit: the limit of a mail account is 100 recipients within an hour' }
  assert.match(nextOf(row({ ...end, ...limit })), /^waits for a word; deleted /)
  assert.match(nextOf(row({ ...half, ...limit })), /^2026-\d.*\(30m after it came\)/)
  assert.match(nextOf(row({ ...half, state: 'queued' })), /^2026-/)
  assert.equal(nextOf(row({})), 'now')
})

test('NEXT of what waits for the window is when it leaves, and never calls its return so', () => {
  const paced = (bucket: WindowBucket, after: number) =>
    nextOf(row({ state: 'paced', why: 'paced', bucket, due: AT + after }))
  assert.match(paced('spam-to-new', 5 * DAY), /^waits for quiet; returns .* if it is still there$/)
  assert.match(paced('spam-to-known', 5 * DAY), /^waits for quiet; returns /)
  assert.match(paced('spam-to-new', 40 * MINUTE), /^about .*\(40m after it came\)$/)
  assert.match(paced('new', 6 * DAY), /^about /)
})
