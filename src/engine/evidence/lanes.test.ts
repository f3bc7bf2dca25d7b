import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLanes } from './lanes.ts'

/** Work that ends when the test says so. */
function working() {
  const lanes = createLanes()
  const log: string[] = []
  const ends = new Map<string, () => void>()
  return {
    lanes,
    log,
    begin: (name: string, subjects: readonly string[], urgent: boolean) =>
      void lanes.run({ subjects, urgent }, () => {
        log.push(name)
        return new Promise<void>(resolve => ends.set(name, resolve))
      }),
    end: async (name: string) => {
      ends.get(name)?.()
      await turns()
    },
  }
}

/** Long enough for all that needs no end of anything. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve))
}

test('one after the other for each subject, and no subject waits for another', async () => {
  const { begin, end, log } = working()
  begin('a1', ['a'], false)
  begin('a2', ['a'], false)
  begin('b1', ['b'], false)
  begin('ab', ['a', 'b'], false)
  begin('b2', ['b'], false)
  begin('none', [], false)
  assert.deepEqual(log, ['a1', 'b1', 'none'])
  await end('b1')
  assert.deepEqual(log, ['a1', 'b1', 'none'], 'what needs both waits for both, and keeps its place')
  await end('a1')
  await end('a2')
  await end('ab')
  assert.deepEqual(log, ['a1', 'b1', 'none', 'a2', 'ab', 'b2'])
})

test('urgent work goes before reports, also of its own subject', async () => {
  const { begin, end, log, lanes } = working()
  for (let i = 0; i < 30; i++) begin(`r${i}`, [`s${i}`], false)
  for (const name of ['x1', 'x2']) begin(name, ['s0'], false)
  begin('message', ['s20'], true)
  begin('own', ['s0'], true)
  assert.deepEqual(log.slice(8), ['message'], 'eight reports are under way, and it does not wait')
  assert.equal(lanes.waiting('s0'), 2)
  await end('r0')
  assert.deepEqual(log.slice(9, 11), ['own', 'r8'])
  await end('message')
  await end('own')
  for (let i = 1; i < 30; i++) await end(`r${i}`)
  await end('x1')
  assert.deepEqual(log.slice(-2), ['x1', 'x2'])
  assert.equal(log.length, 34)
  await end('x2')
  await lanes.idle()
})

test('a job that fails stops no other job, and its caller gets the error', async () => {
  const lanes = createLanes()
  const failing = lanes.run({ subjects: ['a'], urgent: true }, async () => {
    throw new Error('broken')
  })
  let done = false
  const next = lanes.run({ subjects: ['a'], urgent: false }, async () => {
    done = true
  })
  await assert.rejects(failing, /broken/)
  await next
  await lanes.idle()
  assert.ok(done)
})

test('however they come, all are done, and in order', async () => {
  const lanes = createLanes()
  const seen = new Map<string, number[]>()
  const all: Promise<void>[] = []
  for (let i = 0; i < 2000; i++) {
    const subjects = [...new Set([`s${(i * 7) % 13}`, `t${(i * 5) % 11}`])]
    all.push(
      lanes.run({ subjects, urgent: false }, async () => {
        for (const subject of subjects) seen.set(subject, [...(seen.get(subject) ?? []), i])
        if (i % 3 === 0) await new Promise(resolve => setImmediate(resolve))
      }),
    )
  }
  await Promise.all(all)
  for (const order of seen.values())
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    )
})
