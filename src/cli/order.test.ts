import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderFrom } from './order.ts'

const IMPOSE = ['subject=line:1', 'decision=isolate']

test('a field that is no text is shown as it must be written', () => {
  assert.throws(() => orderFrom('impose', [...IMPOSE, 'hours=2', 'why=a call']), {
    message: 'hours: Write a number of hours, at least 0.1. It is no text: write hours:=2.',
  })
  assert.throws(() => orderFrom('impose', [...IMPOSE, 'hours=many', 'why=a call']), {
    message: 'hours: Write a number of hours, at least 0.1.',
  })
})

test('a reason of two lines is said to have two, and not to be missing', () => {
  assert.throws(() => orderFrom('impose', [...IMPOSE, 'hours:=2', 'why=a\nb']), {
    message: 'why: Write the reason, for the case file. On one line, without control characters.',
  })
})
