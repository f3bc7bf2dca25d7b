import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messagesIn } from './mbox.ts'

const read = (text: string) =>
  messagesIn(Buffer.from(text, 'latin1')).map(one => one.toString('latin1'))
const LINE = 'From a@b.example Fri Nov 27 10:00:00 2026'

test('an mbox is its messages, whatever its line ends', () => {
  assert.deepEqual(
    read(`${LINE}\nSubject: 1\n\nFrom here\n>From there\n>>From\n\n${LINE}\nSubject: 2\n\n`),
    ['Subject: 1\n\nFrom here\nFrom there\n>>From\n\n', 'Subject: 2\n\n'],
  )
  assert.deepEqual(read(`${LINE} +0100\r\na\r\n\r\n${LINE}\r\nb`), ['a\r\n\r\n', 'b'])
})

test('any other file is one message, and an empty one is none', () => {
  assert.deepEqual(read('{"a":1}'), ['{"a":1}'])
  assert.deepEqual(read('From: a@b.example\n\nx'), ['From: a@b.example\n\nx'])
  assert.deepEqual(read('Subject: \xff\0\n'), ['Subject: \xff\0\n'])
  assert.deepEqual(read(''), [])
})
