// What is counted in memory comes to disk once, whatever fails on the way.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Made } from '../../src/ports/records.ts'
import { writeFresh } from '../../src/ports/write-fresh.ts'

type Count = { readonly id: string; readonly seen: number }

const sum = (before: Count | undefined, fresh: Count): Count => ({
  id: fresh.id,
  seen: (before?.seen ?? 0) + fresh.seen,
})

/** Records in memory. `broken`: the ids that cannot be written. */
function disk(broken: ReadonlySet<string>) {
  const rows = new Map<string, Count>()
  const change = async (id: string, make: (now: Count | undefined) => Made<Count>) => {
    await Promise.resolve()
    if (broken.has(id)) throw new Error(`no room for ${id}`)
    const made = make(rows.get(id))
    if (made === undefined || made === 'gone') return
    rows.set(id, made)
    return made
  }
  return { rows, records: { change } }
}

const seen = (counts: ReadonlyMap<string, Count>) =>
  Object.fromEntries([...counts].map(([id, count]) => [id, count.seen]))

test('what the disk refuses is in memory again, with what came meanwhile, and is written the next time', async () => {
  const broken = new Set(['b'])
  const { rows, records } = disk(broken)
  const fresh = new Map(['a', 'b', 'c'].map(id => [id, { id, seen: 2 }]))
  const writing = writeFresh(fresh, records, sum)
  fresh.set('b', { id: 'b', seen: 5 })
  await assert.rejects(writing, /no room for b/)
  assert.deepEqual([seen(rows), seen(fresh)], [{ a: 2, c: 2 }, { b: 7 }])
  broken.clear()
  await writeFresh(fresh, records, sum)
  assert.deepEqual([seen(rows), seen(fresh)], [{ a: 2, b: 7, c: 2 }, {}])
})
