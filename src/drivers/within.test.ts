// A thread that stands still makes no answer late.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from './within.ts'

const standStill = (ms: number) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve))
}

test('what arrives while the thread stands still for longer than the budget is in time', async () => {
  const work = (async () => {
    await turns(1)
    standStill(600)
    await turns(3)
    return 'done'
  })()
  assert.equal(await within(300, work), 'done')
})

test('what never comes ends', async () => {
  await assert.rejects(within(20, new Promise(() => undefined)), /not done within 20 ms/)
  await assert.rejects(within(0, new Promise(() => undefined)), /not done within 0 ms/)
})
