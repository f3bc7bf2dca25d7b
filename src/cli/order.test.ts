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

test('a field given twice is a mistake, and a missing one is another than a wrong one', () => {
  assert.throws(() => orderFrom('impose', [...IMPOSE, 'subject=line:2', 'why=a call']), {
    message: 'subject: It is given more than once. Write each field once.',
  })
  assert.throws(() => orderFrom('impose', IMPOSE), {
    message: 'why: It is missing. Write the reason, for the case file.',
  })
  assert.throws(() => orderFrom('impose', [...IMPOSE, 'why= ']), {
    message: 'why: Write the reason, for the case file.',
  })
})

test('a key that stands twice in the JSON of a field is a mistake', () => {
  assert.throws(() => orderFrom('open-lease', ['lease:={"to":1,"to":2}']), {
    message:
      'lease: The key "to" stands twice in one object, again in line 1, column 9. Write each key once.',
  })
})

test('impose without hours is as in `cordon incident impose`', () => {
  const order = orderFrom('impose', [...IMPOSE, 'why=a call'])
  assert.equal('hours' in order, false)
})
