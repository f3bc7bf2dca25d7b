import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atMost } from './at-most.ts'

test('no more than so many at a time, in order, and one that fails leaves its place to the next', async () => {
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = atMost(2, async (n: number) => {
    begun.push(n)
    await new Promise<void>(resolve => ends.push(resolve))
    if (n === 0) throw new Error('no')
    return n
  })
  const all = [0, 1, 2, 3].map(n => work(n).catch(() => -1))
  for (const seen of [
    [0, 1],
    [0, 1, 2],
    [0, 1, 2, 3],
  ]) {
    await new Promise(setImmediate)
    assert.deepEqual(begun, seen)
    ends.shift()?.()
  }
  await new Promise(setImmediate)
  for (const end of ends) end()
  assert.deepEqual(await Promise.all(all), [-1, 1, 2, 3])
})
