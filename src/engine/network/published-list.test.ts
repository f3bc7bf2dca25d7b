// A look at all customers of a list lets mail and questions go on in between.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listOf } from '../../../test/support/list-of.ts'

test('fifty thousand are looked at in many turns, and all are listed then', async () => {
  const list = listOf(50_000, i => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
  let isDone = false
  let turns = 0
  const between = () => {
    turns++
    if (!isDone) setImmediate(between)
  }
  setImmediate(between)
  await list.refreshAll()
  isDone = true
  assert.ok(turns > 10, `${turns}`)
  assert.equal(list.size, 50_000)
  assert.equal(list.check('10.0.0.7')?.listed?.prefix, '10.0.0.7/32')
})
