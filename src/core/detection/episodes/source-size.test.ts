import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceSize, stopsWithSource } from './source-size.ts'
import { newRecord } from './state.ts'
import { ALLOWANCES } from './tables.ts'
import { step } from './step.ts'

const of = (regulars: number, kind: 'source' | 'login' = 'source') => {
  const message = { kind: 'message', recipients: 1, firstTimers: 0, judged: 'clean' } as const
  return sourceSize(
    step(newRecord(kind, 0, ALLOWANCES.person), [{ ...message, regulars }], 1).state,
  )
}

test('a source is small until a login writes from there to people it knows, and grows with the root', () => {
  assert.equal(of(0), 0.2)
  assert.equal(of(9), 1)
  assert.ok(Math.abs(of(1200) - 0.3 * Math.sqrt(1200)) < 1e-9)
  assert.equal(of(1200, 'login'), 1)
})

test('a login is stopped with a source by two spams that are half of its mail from there', () => {
  assert.equal(stopsWithSource(2, 4), true)
  assert.equal(stopsWithSource(2, 5), false)
  assert.equal(stopsWithSource(1, 1), false)
})
