import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../model/duration.ts'
import { repeats } from './repeats.ts'

const scene = () => {
  const at = { now: 0, done: 0 }
  const table = repeats<boolean>({ now: () => at.now, isTaken: taken => taken })
  const once = (key: string, answer: boolean) =>
    table.once(key, async () => {
      at.done++
      return answer
    })
  return { at, table, once }
}

test('what was taken is not done again within the hour; what was not is, also while another does it', async () => {
  const { at, table, once } = scene()
  assert.equal((await once('a', false)).answer, false)
  const both = await Promise.all([once('a', true), once('a', true)])
  assert.deepEqual([both.map(({ answer }) => answer), at.done], [[true, true], 2])
  assert.deepEqual(
    both.map(({ isRepeat }) => isRepeat),
    [false, true],
  )
  await assert.rejects(table.once('b', () => Promise.reject(new Error('broken'))))
  assert.equal((await once('b', true)).answer, true)
  at.now = HOUR
  await once('a', true)
  assert.equal(at.done, 4)
})

test('what was heard of is done anew', async () => {
  const { at, once } = scene()
  const first = await once('a', true)
  first.heard()
  const second = await once('a', true)
  assert.deepEqual([second.isRepeat, at.done], [false, 2])
  first.heard()
  const third = await once('a', true)
  assert.deepEqual([third.isRepeat, at.done], [true, 2])
  third.heard()
  await once('a', true)
  assert.equal(at.done, 3)
})
