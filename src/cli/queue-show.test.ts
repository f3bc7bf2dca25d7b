import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueueRow } from '../ports/spool.ts'
import { shown } from './queue-show.ts'

const AT = Date.UTC(2026, 10, 21, 12)
const ROW: QueueRow = {
  message: '4cXKCk1',
  recipient: 'bert@far.example',
  sender: 'anna@isp.example',
  subject: 'Hello\u001b[2J',
  login: 'anna@isp.example',
  subscriber: '10017',
  state: 'queued',
  at: AT,
  due: AT,
  attempts: 2,
  why: '450 4.2.1 try later',
  nats: 0,
  expires: AT + 1,
}
const NONE = { rows: [], truncated: false, unreadable: [] }

test('one message is shown once, and each of its recipients', () => {
  const rows = [ROW, { ...ROW, recipient: 'carl@far.example', state: 'held' as const, nats: 3.14 }]
  const text = shown(rows, NONE)
  assert.match(
    text,
    /^message {3}4cXKCk1\ncame {6}2026-11-21T12:00:00Z\nfrom {6}anna@isp\.example\n/,
  )
  assert.match(text, /customer {2}10017\n/)
  assert.match(text, /queued +bert@far\.example +now +2 +450 4\.2\.1 try later/)
  assert.match(text, /held +carl@far\.example/)
  assert.match(text, /journal has nothing/)
})

test('what strangers wrote in it commands no terminal', () => {
  assert.ok(!shown([ROW], NONE).includes('\u001b'))
})

test('what Postfix keeps is named as Postfix names it', () => {
  const kept = { ...ROW, keptAs: '4gXyZ', recipient: '', recipients: 3 }
  const text = shown([kept], NONE)
  assert.match(text, /message {3}4gXyZ \(4cXKCk1\), kept by Postfix/)
  assert.match(text, /3 recipients/)
})
