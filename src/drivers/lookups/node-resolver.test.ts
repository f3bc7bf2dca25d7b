import assert from 'node:assert/strict'
import type { Resolver } from 'node:dns/promises'
import { test } from 'node:test'
import { awakeTime } from '../awake-time.ts'
import { askedWithin } from './node-resolver.ts'

test('so many questions are asked and no more, and none after its time', async () => {
  let asked = 0
  const dns = {
    resolve: async () => {
      asked++
      return ['x']
    },
  } as unknown as Resolver
  const time = awakeTime(10_000)
  const few = askedWithin(dns, { questions: 2, time })
  for (let i = 0; i < 2; i++) assert.deepEqual(await few('a.example', 'TXT'), ['x'])
  for (let i = 0; i < 500; i++) await assert.rejects(few('a.example', 'TXT'), { code: 'ETIMEOUT' })
  assert.equal(asked, 2)
  time.end()
  const late = askedWithin(dns, { questions: 2, time: awakeTime(0) })
  await assert.rejects(late('a.example', 'TXT'))
  assert.equal(asked, 2)
})
