import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { owedWrites } from './owed-writes.ts'
import type { KeyedWrite } from './write.ts'

/** A disk that takes or refuses what waits, one after the other, when the test says so. */
function disk(most?: number) {
  const waiting: { readonly all: readonly string[]; readonly done: (ok: boolean) => void }[] = []
  const retries: (() => unknown)[] = []
  const kept: string[] = []
  const told: string[] = []
  let written = 0
  const owed = owedWrites(
    {
      write: writes =>
        new Promise((resolve, reject) => {
          const all = writes.map(({ sql }) => sql)
          const done = (ok: boolean) => {
            if (!ok) return reject(new Error('the disk is full'))
            kept.push(...all)
            resolve(1)
          }
          waiting.push({ all, done })
        }),
    },
    {
      written: () => void written++,
      trouble: error => told.push(String(error)),
      after: (_ms, call) => {
        retries.push(call)
        return () => void retries.splice(retries.indexOf(call), 1)
      },
      ...(most === undefined ? {} : { most }),
    },
  )
  return {
    owed,
    kept,
    told,
    retries,
    written: () => written,
    /** The next one in the row. */
    settle: async (ok: boolean) => {
      await turn()
      waiting.shift()?.done(ok)
      await turn()
    },
    waiting: () => waiting.map(({ all }) => all),
    retry: async () => {
      retries.shift()?.()
      await turn()
    },
  }
}

const row = (key: string, version: number): KeyedWrite => ({
  key,
  sql: `${key}${version}`,
  parameters: [],
})

test('what was refused is written again until it is there, in the order in which it was refused', async () => {
  const { owed, settle, retry, kept, retries, written, waiting } = disk()
  const refused = owed.write([row('a', 1), { sql: 'unkeyed', parameters: [] }, row('b', 1)])
  const checked = assert.rejects(refused, /full/)
  await settle(false)
  await checked
  await retry()
  await settle(false)
  assert.deepEqual(kept, [])
  await retry()
  await settle(true)
  assert.deepEqual([kept, written(), retries.length, waiting()], [['a1', 'b1'], 1, 0, []])
})

test('what is newer is never written over by what is owed', async () => {
  const { owed, settle, retry, kept, waiting } = disk()
  const first = assert.rejects(owed.write([row('a', 1), row('b', 1)]))
  // On its way already when the first is refused.
  const second = owed.write([row('a', 2)])
  await settle(false)
  await first
  await retry()
  assert.deepEqual(waiting(), [['a2'], ['b1']])
  await settle(true)
  await settle(true)
  await second
  // And one that comes while it is owed.
  const third = assert.rejects(owed.write([row('a', 3)]))
  await settle(false)
  await third
  const fourth = owed.write([row('a', 4)])
  await retry()
  await settle(true)
  await fourth
  assert.deepEqual([kept, waiting()], [['a2', 'b1', 'a4'], []])
})

test('a write that goes well takes what is owed with it', async () => {
  const { owed, settle, kept } = disk()
  const first = assert.rejects(owed.write([row('a', 1)]))
  await settle(false)
  await first
  const second = owed.write([row('b', 1)])
  await settle(true)
  await second
  await settle(true)
  assert.deepEqual(kept, ['b1', 'a1'])
})

test('where it is not known whether it was written, it is not there twice', async () => {
  const { owed, settle, retry, kept } = disk()
  const again = ['delete', 'insert'].map(sql => ({ sql, parameters: [] }))
  const first = assert.rejects(owed.write([{ ...row('a', 1), again }]))
  await settle(false)
  await first
  await retry()
  await settle(true)
  assert.deepEqual(kept, ['delete', 'insert'])
})

test('there is a bound, and what is beyond it is said once', async () => {
  const { owed, settle, told, retry, kept } = disk(2)
  const first = assert.rejects(owed.write([1, 2, 3, 4].map(n => row(`r${n}-`, 1))))
  await settle(false)
  await first
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /more than 2 rows wait/)
  await retry()
  await settle(true)
  assert.deepEqual(kept, ['r1-1', 'r2-1'])
})

test('closing tries once more, and says what is not written', async () => {
  const well = disk()
  const refused = assert.rejects(well.owed.write([row('a', 1)]))
  await well.settle(false)
  await refused
  const closed = well.owed.close()
  await well.settle(true)
  await closed
  assert.deepEqual([well.kept, well.told, well.retries.length], [['a1'], [], 0])

  const ill = disk()
  const also = assert.rejects(ill.owed.write([row('a', 1)]))
  await ill.settle(false)
  await also
  const closing = ill.owed.close()
  await ill.settle(false)
  await closing
  assert.match(ill.told.join(), /1 rows of cases were in force/)
  assert.equal(ill.retries.length, 0)
})
