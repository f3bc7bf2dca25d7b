import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../model/duration.ts'
import { type Remembered, repeats } from './repeats.ts'

const scene = () => {
  const at = { now: 0, done: 0 }
  const table = repeats<boolean>({ now: () => at.now, isTaken: taken => taken })
  const connection = () => {
    const told = new Set<Remembered<boolean>>()
    return (key: string, answer: boolean) =>
      table.once(key, told, async () => {
        at.done++
        return answer
      })
  }
  return { at, table, connection }
}

test('what was taken is not done again within the hour; what was not is, also while another does it', async () => {
  const { at, table, connection } = scene()
  assert.equal((await connection()('a', false)).answer, false)
  const both = await Promise.all([connection()('a', true), connection()('a', true)])
  assert.deepEqual([both.map(({ answer }) => answer), at.done], [[true, true], 2])
  assert.deepEqual(
    both.map(({ isRepeat }) => isRepeat),
    [false, true],
  )
  await assert.rejects(table.once('b', new Set(), () => Promise.reject(new Error('broken'))))
  assert.equal((await connection()('b', true)).answer, true)
  at.now = HOUR
  await connection()('a', true)
  assert.equal(at.done, 4)
})

test('said twice on one connection it is done twice, and both are known on the next', async () => {
  const { at, connection } = scene()
  const first = connection()
  for (const _ of [1, 2]) assert.equal((await first('a', true)).isRepeat, false)
  const second = connection()
  const repeated = []
  for (const _ of [1, 2, 3]) repeated.push((await second('a', true)).isRepeat)
  assert.deepEqual([repeated, at.done], [[true, true, false], 3])
})

test('what was heard of is done anew', async () => {
  const { at, table, connection } = scene()
  const first = await connection()('a', true)
  table.forget(first.one)
  const second = await connection()('a', true)
  assert.deepEqual([second.isRepeat, at.done], [false, 2])
  table.forget(first.one)
  const third = await connection()('a', true)
  assert.deepEqual([third.isRepeat, at.done], [true, 2])
  table.forget(third.one)
  await connection()('a', true)
  assert.equal(at.done, 3)
})
