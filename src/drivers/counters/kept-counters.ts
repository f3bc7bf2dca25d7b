// The memory counters, kept across restarts: once a second the rows that changed are handed to a thread that writes them.
// Counters may lose a second or two; that is why they are not in the ledger. What must count once (`once`) is handed over at once, with
// all that it moved, and answered when it is written: both are there after a restart, or neither. (A power cut may take both.)

import { setImmediate as turn } from 'node:timers/promises'
import type { Batch } from '../../model/counter.ts'
import type { Counters } from '../../ports/counters.ts'
import type { SubjectState, Swap } from '../../ports/subject-state.ts'
import { mayPass, storeProblem } from '../sqlite/store-problem.ts'
import { checkFile } from '../sqlite/check-file.ts'
import { type StoreHearers, startWorker } from '../sqlite/worker-client.ts'
import { ChangedKeys } from './changed-keys.ts'
import type { CountersAnswer, CountersAsk } from './counters-ask.ts'
import { keptStates } from './kept-states.ts'
import { MemoryCounters } from './memory.ts'
import { batchOf } from './memory-states.ts'
import { type Kind, KINDS, PackedRows } from './packed-rows.ts'
import { openRowFile, rowsOf, ROW_TABLES } from './row-file.ts'
import { setAside } from './set-aside.ts'
import { type StateRow, STATES_KEPT, StateTable } from './state-table.ts'

export type KeptCounters = Counters & {
  /** In the same file, and in one turn and one transaction with the counters. */
  readonly states: SubjectState
  /** A sentence, when what was counted before could not be read and they began anew. */
  readonly begunAnew: string | undefined
  /** Forgets what has run out. */
  sweep(at: number): void
  close(): Promise<void>
}

/** Rows packed in one go, about a millisecond: then others have their turn. */
const ROWS_AT_ONCE = 500
/** A disk that takes nothing is told of at the first of so many tries, which are a second apart. */
const SAID_EVERY = 60
/** Rows of one commit. */
const ROWS_PER_COMMIT = 50_000
/** States in memory: 1 KB each at most, and as much again around it. */
const HOT_STATES = 50_000

export type CountersOptions = Partial<StoreHearers> & {
  /** There were counters in this folder. */
  readonly inUse?: boolean
  /** States of subjects in memory, at most; the others are on the disk alone. */
  readonly hotStates?: number
}

/** Throws a sentence when the world around does not let them be opened; a damaged file is set aside. */
export async function openCounters(
  path: string,
  {
    trouble = nobody,
    broken = nobody,
    inUse = false,
    hotStates = HOT_STATES,
  }: CountersOptions = {},
): Promise<KeptCounters> {
  const changed: Readonly<Record<Kind, ChangedKeys>> = {
    sum: new ChangedKeys(),
    distinct: new ChangedKeys(),
    mark: new ChangedKeys(),
    leak: new ChangedKeys(),
    once: new ChangedKeys(),
    tokens: new ChangedKeys(),
  }
  const { counters, begunAnew } = readAll(
    path,
    () => new MemoryCounters((kind, key) => changed[kind].add(key)),
    inUse,
  )
  const writer = await startWorker<CountersAsk, CountersAnswer>({
    trouble,
    broken,
    file: new URL('./counters-worker.ts', import.meta.url),
    start: () => ({ path, synchronous: 'NORMAL' }),
  })

  const table = new StateTable(hotStates)
  let failures = 0

  /** Rows that are being packed, and are not handed over yet. */
  let packing: PackedRows | undefined

  /** Hands over what one batch has changed. */
  const keeping = new Map<string, Promise<void>>()
  /** The same for a batch that counts once: who tells it again meanwhile is answered no earlier. */
  function keepOnce(once: string, batch: Batch, keys?: readonly string[]): Promise<void> {
    const kept = keep(batch, keys).finally(() => keeping.delete(once))
    keeping.set(once, kept)
    return kept
  }

  async function keep(batch: Batch, keys: readonly string[] = []): Promise<void> {
    const now = new PackedRows()
    const rows = counters.rowsOf(batch)
    for (const [kind, key] of rows) {
      now.add(kind, key, put => counters.pack(kind, key, put))
      // Or an older state of the same row would be written over it.
      packing?.add(kind, key, put => counters.pack(kind, key, put))
    }
    try {
      await handOver(now, table.unwritten(keys))
    } catch (error) {
      for (const [kind, key] of rows) changed[kind].add(key)
      if (failures++ % SAID_EVERY === 0) trouble(error, 'keeping counters')
    }
  }

  /** Hands over all that has changed so far. What could not be written has changed still. */
  async function write(): Promise<void> {
    const taken = KINDS.map(kind => ({ kind, keys: changed[kind].take() }))
    try {
      const packed = new PackedRows()
      packing = packed
      for (const { kind, keys } of taken)
        for (const key of keys) {
          packed.add(kind, key, put => counters.pack(kind, key, put))
          if (packed.rows % ROWS_AT_ONCE === 0) await turn()
          if (packed.rows >= ROWS_PER_COMMIT) await handOver(packed)
        }
      // In the turn in which they are read: an older state never follows a newer one.
      const states = table.unwritten()
      if (packed.rows > 0 || states.length > 0) await handOver(packed, states)
      failures = 0
    } catch (error) {
      for (const { kind, keys } of taken) for (const key of keys) changed[kind].add(key)
      if (failures++ % SAID_EVERY === 0) trouble(error, 'keeping counters')
    } finally {
      packing = undefined
    }
  }

  async function handOver(packed: PackedRows, states: readonly StateRow[] = []): Promise<void> {
    const rows = packed.take()
    await writer.ask({ rows, states }, [rows.buffer])
    table.written(states)
  }

  let writing: Promise<void> | undefined
  const timer = setInterval(() => {
    // While the disk is slow, rows that change again are written once.
    writing ??= write().finally(() => (writing = undefined))
  }, 1000)
  timer.unref()
  return {
    begunAnew,
    states: keptStates(counters, table, {
      read: keys => writer.ask({ read: keys }),
      keep: (swap: Swap) =>
        keepOnce(
          swap.once,
          batchOf(swap),
          swap.states.map(({ key }) => key),
        ),
      keeping: once => keeping.get(once),
      oldest: () => keeping.values().next().value,
    }),
    apply: batch => {
      const counted = counters.apply(batch)
      if (batch.once === undefined) return counted
      const first = 'taken' in counted && counted.taken
      const kept = first ? keepOnce(batch.once, batch) : keeping.get(batch.once)
      return kept ? kept.then(() => counted) : counted
    },
    sweep: at => {
      for (const [kind, key] of counters.sweep(at)) changed[kind].add(key)
      table.sweep(at)
      // What could not be forgotten is forgotten the next time.
      writer.ask({ forget: at - STATES_KEPT }).catch(nobody)
    },
    close: async () => {
      clearInterval(timer)
      await writing
      await write()
      await writer.close()
    },
  }
}

const nobody = () => undefined

type Read = { readonly counters: MemoryCounters; readonly begunAnew: string | undefined }

/** What was counted before, or nothing and a sentence about it. */
function readAll(path: string, make: () => MemoryCounters, inUse: boolean): Read {
  const found = checkFile(path, ROW_TABLES)
  const anew = (why: string) => ({ counters: make(), begunAnew: setAside(path, why) })
  if (found.state === 'damaged') return anew(found.why)
  const missing = found.state === 'none' && inUse
  try {
    const counters = make()
    const file = openRowFile(path)
    try {
      const told: (readonly [number, number[]])[] = []
      for (const [kind, key, numbers] of rowsOf(file))
        if (kind === 'once') told.push([key, numbers])
        else counters.unpack(kind, key, numbers)
      // In the order in which they were told: the oldest is forgotten first.
      told.sort(([, [a = 0]], [, [b = 0]]) => a - b)
      for (const [key, numbers] of told) counters.unpack('once', key, numbers)
    } finally {
      file.close()
    }
    return { counters, begunAnew: missing ? `${path} was empty or missing` : undefined }
  } catch (error) {
    if (mayPass(error)) throw storeProblem(error, path)
    return anew((error as Error).message)
  }
}
