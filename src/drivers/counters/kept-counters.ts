// The memory counters, kept across restarts: rows that changed are written behind once a second, in one transaction.
// Counters may lose a second; that is why they are not in the ledger.

import type { DatabaseSync } from 'node:sqlite'
import type { Op } from '../../model/counter.ts'
import type { Counters } from '../../ports/counters.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import type { DistinctRow } from './distinct-table.ts'
import { MemoryCounters } from './memory.ts'
import type { SumRow } from './sum-table.ts'

export type KeptCounters = Counters & {
  /** Forgets what has run out. */
  sweep(at: number): void
  close(): Promise<void>
}

/** Rows written in one go; more wait for the next second, so that writing never holds up a judgement for long. */
const ROWS_PER_FLUSH = 5000

export function openCounters(
  path: string,
  trouble: (error: unknown, about: string) => void,
): KeptCounters {
  const database = openSqlite(path, 'NORMAL')
  database.exec(
    'CREATE TABLE IF NOT EXISTS row (kind TEXT, key INTEGER, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID',
  )
  const dirty: Record<Op['op'], Set<number>> = {
    sum: new Set(),
    distinct: new Set(),
    mark: new Set(),
    leak: new Set(),
  }
  const counters = new MemoryCounters((kind, key) => dirty[kind].add(key))
  load(database, counters)
  const put = database.prepare('INSERT OR REPLACE INTO row (kind, key, body) VALUES (?, ?, ?)')
  const drop = database.prepare('DELETE FROM row WHERE kind = ? AND key = ?')

  const flush = (most: number) => {
    let room = most
    database.exec('BEGIN')
    for (const [kind, keys] of Object.entries(dirty) as [Op['op'], Set<number>][]) {
      for (const key of keys) {
        if (room-- <= 0) break
        keys.delete(key)
        const row = rowOf(counters, kind, key)
        if (row === undefined) drop.run(kind, key)
        else put.run(kind, key, JSON.stringify(row))
      }
    }
    database.exec('COMMIT')
  }
  const guarded = (most: number) => {
    try {
      flush(most)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      trouble(error, 'keeping counters')
    }
  }
  const timer = setInterval(() => guarded(ROWS_PER_FLUSH), 1000)
  timer.unref()
  return {
    apply: batch => counters.apply(batch),
    sweep: at => {
      for (const [kind, key] of counters.sweep(at)) dirty[kind].add(key)
    },
    close: async () => {
      clearInterval(timer)
      guarded(Number.POSITIVE_INFINITY)
      database.close()
    },
  }
}

function rowOf(counters: MemoryCounters, kind: Op['op'], key: number): unknown {
  if (kind === 'sum') return counters.sums.export(key)
  if (kind === 'distinct') return counters.distincts.export(key)
  return kind === 'mark' ? counters.marks.get(key) : counters.leaks.get(key)
}

function load(database: DatabaseSync, counters: MemoryCounters): void {
  for (const row of database.prepare('SELECT kind, key, body FROM row').iterate()) {
    const { kind, key, body } = row as { kind: Op['op']; key: number; body: string }
    const value: unknown = JSON.parse(body)
    if (kind === 'sum') counters.sums.import(key, value as SumRow)
    else if (kind === 'distinct') counters.distincts.import(key, value as DistinctRow)
    else if (kind === 'mark')
      counters.marks.set(key, value as NonNullable<ReturnType<MemoryCounters['marks']['get']>>)
    else counters.leaks.set(key, value as NonNullable<ReturnType<MemoryCounters['leaks']['get']>>)
  }
}
