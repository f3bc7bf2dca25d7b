// The list as it is kept: what a look at all customers costs others, and clocks that go wrong.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
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

test('whichever way the clock jumps, the next look sees what has ended', async () => {
  const start = Date.now()
  let now = start
  const list = listOf(
    100,
    i => `198.51.100.${i}`,
    () => now,
  )
  await list.refreshAll()
  assert.equal(list.size, 100)
  now = start + 2 * DAY
  await list.look()
  assert.equal(list.size, 0)
  now = start
  await list.look()
  assert.equal(list.size, 100)
})
