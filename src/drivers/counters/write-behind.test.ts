// How often the thread that writes is asked, and what goes first.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batch } from '../../model/counter.ts'
import type { CountersAsk } from './counters-ask.ts'
import { MemoryCounters } from './memory.ts'
import { unpacked } from './packed-rows.ts'
import { StateTable } from './state-table.ts'
import { noneChanged, WriteBehind } from './write-behind.ts'

const AT = 1_800_000_000_000
const DAY = 86_400_000

const batchOf = (n: number): Batch => ({
  once: `unit ${n}`,
  at: AT,
  mode: 'take',
  ops: [{ op: 'leak', key: `sum:${n % 2}`, add: 1, perDay: 1, max: 60 }],
})

/** A writer that does nothing until it is let go. */
function behind() {
  const changed = noneChanged()
  const counters = new MemoryCounters((kind, key) => changed[kind].add(key))
  const asked: (readonly string[])[] = []
  const waiting: PromiseWithResolvers<never[]>[] = []
  const writes = new WriteBehind({
    counters,
    states: new StateTable(10),
    changed,
    writer: {
      ask: (ask: CountersAsk) => {
        asked.push('rows' in ask ? [...unpacked(ask.rows)].map(({ kind }) => kind).sort() : [])
        const answer = Promise.withResolvers<never[]>()
        waiting.push(answer)
        return answer.promise
      },
    },
    trouble: () => undefined,
  })
  const keep = (n: number) => {
    counters.apply(batchOf(n))
    return writes.keepOnce(`unit ${n}`, batchOf(n))
  }
  return { counters, asked, waiting, writes, keep }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

test('what counts once in one turn is written together, and so is what comes meanwhile; each is answered when it is on the disk', async () => {
  const { asked, waiting, writes, keep } = behind()
  let answered = 0
  const kept = [1, 2, 3].map(n => keep(n).then(() => answered++))
  await turn()
  assert.deepEqual(asked, [['leak', 'leak', 'leak', 'once', 'once', 'once']])
  assert.equal(answered, 0, 'nobody is answered before it is on the disk')
  assert.ok(writes.keeping('unit 2'), 'nor is who tells it again')
  const later = [4, 5].map(n => keep(n))
  await turn()
  later.push(keep(6))
  await turn()
  assert.equal(asked.length, 1, 'while they are written, others gather')
  waiting[0]?.resolve([])
  await Promise.all(kept)
  assert.equal(writes.keeping('unit 2'), undefined)
  assert.deepEqual(asked.slice(1), [['leak', 'leak', 'leak', 'once', 'once', 'once']])
  waiting[1]?.resolve([])
  await Promise.all(later)
  const closed = writes.close()
  while (waiting.length < 3) await turn()
  waiting[2]?.resolve([])
  await closed
})

test('a row that counts once is not on the disk before its name, whatever else is written then', async () => {
  const { counters, asked, waiting, writes, keep } = behind()
  counters.apply({ at: AT, mode: 'take', ops: [{ op: 'mark', key: 'm', ttl: DAY }] })
  const kept = keep(1)
  const closed = writes.close()
  // In this turn.
  for (let i = 0; i < 100 && asked.length < 2; i++) await Promise.resolve()
  assert.deepEqual(asked[0], ['leak', 'once'])
  assert.equal(asked[1]?.includes('leak'), true)
  for (const one of waiting) one.resolve([])
  await Promise.all([kept, closed])
})

test('what could not be written is written with the rest, and its teller is answered all the same', async () => {
  const { asked, waiting, writes, keep } = behind()
  const kept = keep(1)
  await turn()
  waiting[0]?.reject(new Error('no room'))
  await kept
  const closed = writes.close()
  while (asked.length < 2) await turn()
  assert.deepEqual(asked[1], ['leak', 'once'])
  waiting[1]?.resolve([])
  await closed
})
