import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StateTable } from './state-table.ts'

const row = (key: string, version = 1) => ({ key, version, at: 0, bytes: Uint8Array.of(1) })

test('only so many are in memory, the last used ones', () => {
  const table = new StateTable(3)
  for (const key of ['a', 'b', 'c']) table.fill(row(key))
  table.read('a')
  table.fill(row('d'))
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].filter(key => table.isHot(key)),
    ['a', 'c', 'd'],
  )
})

test('what is not on the disk yet is not put out of memory; it says when it is full of that', () => {
  const table = new StateTable(2)
  for (const key of ['a', 'b', 'c']) table.write(0, [{ key, version: 0, bytes: Uint8Array.of(1) }])
  assert.equal(table.isFull, true)
  const waiting = table.unwritten()
  assert.deepEqual(
    waiting.map(({ key }) => key),
    ['a', 'b', 'c'],
  )
  table.write(0, [{ key: 'b', version: 2, bytes: Uint8Array.of(2) }])
  table.written(waiting)
  assert.deepEqual(
    table.unwritten().map(({ key }) => key),
    ['b'],
    'it was changed while it was written',
  )
  table.fill(row('d'))
  assert.equal(table.isHot('b') && table.isHot('d') && !table.isHot('a'), true)
})
