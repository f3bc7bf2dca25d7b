import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Generations } from './generations.ts'

const put = (map: Generations<number>, key: string, at: number, weight = 1) =>
  map.put(key, { value: at, weight, at })

test('what was put is there for a while, and not for ever', () => {
  const map = new Generations<number>({ most: 1000, keep: 100 })
  put(map, 'a', 0)
  put(map, 'b', 90)
  assert.equal(map.get('a', 99), 0)
  assert.equal(map.get('b', 189), 90, 'for as long as it is kept')
  assert.equal(map.get('a', 200), undefined)
  assert.equal(map.get('b', 290), undefined)
  put(map, 'c', 310)
  assert.equal(map.get('c', 10_000), undefined, 'nor after a long silence')
  assert.equal(map.size, 0)
})

test('what is put again stays, and counts once', () => {
  const map = new Generations<number>({ most: 1000, keep: 100 })
  for (let at = 0; at < 5000; at += 50) put(map, 'a', at)
  assert.equal(map.get('a', 5000), 4950)
  assert.equal(map.size, 1)
})

test('room is bounded by weight, whatever is put', () => {
  const map = new Generations<number>({ most: 1000, keep: 1_000_000 })
  for (let i = 0; i < 10_000; i++) {
    put(map, `key ${i}`, i, 10)
    assert.ok(map.size <= 101)
    assert.equal(map.get(`key ${i}`, i), i, 'the last is there')
  }
  put(map, 'large', 1, 5000)
  assert.equal(map.get('large', 1), 1, 'one that is larger than all, until the next')
})

test('of many keys each is found, and none that was not put', () => {
  const map = new Generations<number>({ most: 1_000_000, keep: 100 })
  for (let i = 0; i < 20_000; i++) put(map, `key ${i}`, i % 2 === 0 ? 0 : 150)
  for (let i = 0; i < 20_000; i++)
    assert.equal(map.get(`key ${i}`, 150), i % 2 === 0 ? 0 : 150, `key ${i}`)
  for (let i = 20_000; i < 40_000; i++) assert.equal(map.get(`key ${i}`, 150), undefined)
})

test('a clock that goes back forgets nothing', () => {
  const map = new Generations<number>({ most: 1000, keep: 100 })
  put(map, 'a', 1000)
  assert.equal(map.get('a', 10), 1000)
})
