import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerRow } from '../model/evidence.ts'
import { beginsAnew } from './begins-anew.ts'

const row = (nats: number, sum: number, forgotten = 0): LedgerRow => ({
  id: 'u',
  subject: 'line:anna',
  at: 0,
  nats,
  kinds: ['recipients'],
  cell: 'message/clean/mostly-new',
  why: 'message to 1 recipient, 1 never written to before',
  sum,
  forgotten,
})

test('a sum begins anew after a release, not with its first row, nor where time has taken it', () => {
  assert.equal(beginsAnew(row(0.7, 8.6), row(2.6, 2.6)), true)
  assert.equal(beginsAnew(undefined, row(2.6, 2.6)), false)
  assert.equal(beginsAnew(row(2.6, 2.6), row(0.7, 3.3)), false)
  assert.equal(beginsAnew(row(2.6, 2.6), row(0.7, 0.7, 2.6)), false)
  assert.equal(beginsAnew(row(2.6, 0), row(0.7, 0.7)), false)
})
