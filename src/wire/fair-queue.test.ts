import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Turn } from '../ports/credentials.ts'
import { fairQueue } from './fair-queue.ts'

/** A queue whose work ends when the test says so; `started` names it in the order of its turns. */
function scene(settings: Parameters<typeof fairQueue>[0]) {
  const queue = fairQueue(settings)
  const started: string[] = []
  const running: (() => void)[] = []
  const ended: Record<string, unknown> = {}
  const put = (name: string, lane: Turn['lane'], from: string) =>
    void queue
      .run({ lane, from }, () => {
        started.push(name)
        return new Promise<string>(resolve => running.push(() => resolve(name)))
      })
      .then(how => (ended[name] = how))
  const finishOne = async () => {
    running.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  return { put, started, ended, finishOne, atOnce: () => running.length }
}

test('one from each source in turn, and never more at once than it is wide', async () => {
  const { put, started, finishOne, atOnce } = scene({ width: 2 })
  for (let i = 0; i < 20; i++) put(`flood ${i}`, 'rest', 'a')
  put('b', 'rest', 'b')
  put('c', 'rest', 'c')
  for (let i = 0; i < 4; i++) {
    assert.equal(atOnce(), 2)
    await finishOne()
  }
  assert.deepEqual(started, ['flood 0', 'flood 1', 'flood 2', 'b', 'c', 'flood 3'])
})

test('the first lane goes first, but for every eighth turn', async () => {
  const { put, started, finishOne } = scene({ width: 1 })
  put('running', 'rest', 'z')
  for (let i = 0; i < 20; i++) put('stranger', 'rest', `net ${i}`)
  for (let i = 0; i < 20; i++) put('home', 'first', `line ${i}`)
  for (let i = 0; i < 16; i++) await finishOne()
  const seven = Array.from({ length: 7 }, () => 'home')
  assert.deepEqual(started, ['running', ...seven, 'stranger', ...seven, 'stranger'])
})

test('when it is full, the source with the most waiting gives way', async () => {
  const { put, started, ended, finishOne } = scene({ width: 1, room: 4 })
  put('running', 'rest', 'z')
  for (let i = 0; i < 6; i++) put(`flood ${i}`, 'rest', 'a')
  put('b', 'rest', 'b')
  put('c', 'rest', 'c')
  put('d', 'rest', 'd')
  put('e', 'rest', 'e')
  put('home', 'first', 'line')
  for (let i = 0; i < 8; i++) await finishOne()
  assert.deepEqual(started, ['running', 'home', 'flood 0', 'b', 'c', 'd'])
  const full = Object.keys(ended).filter(name => ended[name] === 'full')
  assert.deepEqual(full.sort(), ['e', 'flood 1', 'flood 2', 'flood 3', 'flood 4', 'flood 5'])
})

test('work that fails makes room like any other', async () => {
  const queue = fairQueue({ width: 1 })
  const turn = { lane: 'rest', from: 'a' } as const
  await assert.rejects(
    queue.run(turn, () => Promise.reject(new Error('no'))),
    /no/,
  )
  assert.deepEqual(await queue.run(turn, async () => 7), { done: 7 })
})
