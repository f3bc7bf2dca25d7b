import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BoundedMap } from './bounded-map.ts'

test('at most so many entries are kept, and the first goes first', () => {
  const map = new BoundedMap<string, number>(3)
  for (const [i, key] of ['a', 'b', 'c', 'd', 'e'].entries()) map.set(key, i)
  assert.deepEqual([...map.values()], [2, 3, 4])
  assert.equal(map.has('a'), false)
  assert.equal(map.get('e'), 4)
})

test('an entry that is set again keeps its place; one that was deleted has a new one', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 3)
  map.set('c', 4)
  assert.equal(map.has('a'), false)
  map.delete('b')
  map.set('b', 5)
  map.set('d', 6)
  assert.deepEqual([...map.values()], [5, 6])
})

test('what a plain map that is searched for its first keeps, this one keeps, whatever is set and deleted', () => {
  const most = 5
  const map = new BoundedMap<number, number>(most)
  const plain = new Map<number, number>()
  let drawn = 1
  for (let i = 0; i < 20_000; i++) {
    drawn = (drawn * 48_271) % 2_147_483_647
    const key = drawn % 12
    if (drawn % 7 < 3) {
      assert.equal(map.delete(key), plain.delete(key))
      continue
    }
    const [first] = plain.keys()
    if (plain.size >= most && !plain.has(key)) plain.delete(first as number)
    plain.set(key, i)
    map.set(key, i)
    assert.deepEqual([...map.values()], [...plain.values()])
  }
})
