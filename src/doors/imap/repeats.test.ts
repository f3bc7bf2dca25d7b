import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../model/duration.ts'
import { repeats } from './repeats.ts'

test('what was taken is not done again within the hour; what was not is, also while another does it', async () => {
  let now = 0
  let done = 0
  const table = repeats<boolean>({ now: () => now, isTaken: taken => taken })
  const work = (answer: boolean) => async () => {
    done++
    return answer
  }
  assert.equal(await table.once('a', work(false)), false)
  const both = await Promise.all([table.once('a', work(true)), table.once('a', work(true))])
  assert.deepEqual([both, done], [[true, true], 2])
  await assert.rejects(table.once('b', () => Promise.reject(new Error('broken'))))
  assert.equal(await table.once('b', work(true)), true)
  now = HOUR
  await table.once('a', work(true))
  assert.equal(done, 4)
})
