// Runs of sorted entries in the file of the event index, in parts of which one or two are read to find a word.

import type { DatabaseSync } from 'node:sqlite'
import { distinctSorted, type EntryRange, pieceOf, withinRange } from './index-entries.ts'

/** Entries of a part: 8 KB. */
const PART = 1024
/** Entries that become one run at most: 32 MB of memory while it is made. A quiet hour has some thousand, a flood some million. */
const MOST_MERGED = 4_000_000

type StoredRun = { readonly hour: string; readonly number: number; readonly entries: number }

export type IndexRuns = {
  /** `entries`: sorted, each once. */
  readonly put: (hour: string, entries: Float64Array) => void
  /** Numbers of pieces, with their hour, in hours from this one on. */
  readonly find: (range: EntryRange, oldest: string) => { hour: string; piece: number }[]
  readonly drop: (oldest: string) => void
  /** Makes one run of many, in every hour but the last, which still grows. */
  readonly merge: () => void
}

export function openRuns(database: DatabaseSync): IndexRuns {
  const all = database.prepare('SELECT * FROM run WHERE hour >= ? ORDER BY hour, number')
  const addRun = database.prepare(
    `INSERT INTO run VALUES (?1, (SELECT coalesce(max(number) + 1, 0) FROM run WHERE hour = ?1), ?2) RETURNING number`,
  )
  const dropRun = database.prepare('DELETE FROM run WHERE hour = ? AND number = ?')
  const addPart = database.prepare('INSERT INTO part VALUES (?, ?, ?, ?)')
  const parts = database.prepare('SELECT entries FROM part WHERE hour = ? AND run = ?')
  const downwards = database.prepare(
    'SELECT first, entries FROM part WHERE hour = ? AND run = ? AND first <= ? ORDER BY first DESC',
  )
  const dropParts = database.prepare('DELETE FROM part WHERE hour = ? AND run = ?')
  const before = ['run', 'part'].map(table =>
    database.prepare(`DELETE FROM ${table} WHERE hour < ?`),
  )
  const runsSince = (oldest: string) => all.all(oldest).map(runOf)

  const put = (hour: string, entries: Float64Array) => {
    if (entries.length === 0) return
    const run = Number(addRun.get(hour, entries.length)?.['number'])
    for (let i = 0; i < entries.length; i += PART) {
      const part = entries.slice(i, i + PART)
      addPart.run(hour, run, part[0] as number, new Uint8Array(part.buffer))
    }
  }

  const findIn = (
    { hour, number }: StoredRun,
    range: EntryRange,
  ): { hour: string; piece: number }[] => {
    const found = []
    for (const { first, entries } of downwards.iterate(hour, number, range.high)) {
      for (const entry of withinRange(numbersIn(entries), range))
        found.push({ hour, piece: pieceOf(entry) })
      if (Number(first) <= range.low) break
    }
    return found
  }

  const mergeThese = (hour: string, runs: readonly StoredRun[]) => {
    if (runs.length < 2) return
    const entries = new Float64Array(runs.reduce((sum, run) => sum + run.entries, 0))
    let n = 0
    for (const { number } of runs) {
      for (const part of parts.all(hour, number)) {
        const read = numbersIn(part['entries'])
        entries.set(read, n)
        n += read.length
      }
      dropRun.run(hour, number)
      dropParts.run(hour, number)
    }
    put(hour, distinctSorted(entries))
  }

  return {
    put,
    find: (range, oldest) => runsSince(oldest).flatMap(run => findIn(run, range)),
    drop: oldest => {
      for (const statement of before) statement.run(oldest)
    },
    merge: () => {
      const hours = [...Map.groupBy(runsSince(''), ({ hour }) => hour)]
      for (const [hour, runs] of hours.slice(0, -1))
        for (const group of groupsOf(runs)) mergeThese(hour, group)
    },
  }
}

/** Neighbours that may become one. */
function groupsOf(runs: readonly StoredRun[]): StoredRun[][] {
  const groups: StoredRun[][] = []
  let room = 0
  for (const run of runs) {
    if (groups.length === 0 || run.entries > room) {
      groups.push([])
      room = MOST_MERGED
    }
    groups.at(-1)?.push(run)
    room -= run.entries
  }
  return groups
}

const runOf = ({ hour, number, entries }: Record<string, unknown>): StoredRun => ({
  hour: String(hour),
  number: Number(number),
  entries: Number(entries),
})

/** A copy: what SQLite hands out need not lie where a number may begin. Throws when it is cut. */
const numbersIn = (blob: unknown): Float64Array =>
  new Float64Array(Uint8Array.from(blob as Uint8Array).buffer)
