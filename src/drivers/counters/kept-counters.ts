// The memory counters, kept across restarts: once a second the rows that changed are handed to a thread that writes them.
// Counters may lose a second or two; that is why they are not in the ledger. What must count once (`once`) is handed over as soon
// as those before it are written, with all that it moved, and answered when it is written itself: both are there after a restart, or
// neither. (A power cut may take both.) So is what is new to a `distinct` that is to be kept.

import type { Batch, Counted } from '../../model/counter.ts'
import type { Counters } from '../../ports/counters.ts'
import { MOST_STATES, type SubjectState } from '../../ports/subject-state.ts'
import { type StoreHearers, startWorker, type WorkerClient } from '../sqlite/worker-client.ts'
import { countedBefore } from './counted-before.ts'
import type { CountersAnswer, CountersAsk } from './counters-ask.ts'
import { keptStates } from './kept-states.ts'
import { MemoryCounters } from './memory.ts'
import { batchOf } from './memory-states.ts'
import { STATES_KEPT, StateTable } from './state-table.ts'
import { type Changed, noneChanged, WriteBehind } from './write-behind.ts'

export type KeptCounters = Counters & {
  /** In the same file, and in one turn and one transaction with the counters. */
  readonly states: SubjectState
  /** A sentence, when what was counted before could not be read and they began anew. */
  readonly begunAnew: string | undefined
  /** Forgets what has run out. */
  sweep(at: number): void
  close(): Promise<void>
}

/** States in memory: 1 KB each at most, and as much again around it. */
const HOT_STATES = 50_000

export type CountersOptions = Partial<StoreHearers> & {
  /** There were counters in this folder. */
  readonly inUse?: boolean
  /** States of subjects in memory, at most, `HOT_STATES` by default; the others are on the disk alone. */
  readonly hotStates?: number
  /** States that are kept, at most, `MOST_STATES` by default. */
  readonly mostStates?: number
}

/** Throws a sentence when the world around does not let them be opened; a damaged file is set aside. */
export async function openCounters(
  path: string,
  {
    trouble = unheard,
    broken = unheard,
    inUse = false,
    hotStates = HOT_STATES,
    mostStates = MOST_STATES,
  }: CountersOptions = {},
): Promise<KeptCounters> {
  const changed = noneChanged()
  const make = () => new MemoryCounters((kind, key) => changed[kind].add(key))
  const { counters, begunAnew } = countedBefore(path, make, inUse)
  const writer = await startWorker<CountersAsk, CountersAnswer>({
    trouble,
    broken,
    file: new URL('./counters-worker.ts', import.meta.url),
    start: () => ({ path, synchronous: 'NORMAL', watched: [] }),
  })
  const table = new StateTable(hotStates)
  return new FileCounters({ counters, changed, writer, table, mostStates, trouble, begunAnew })
}

type Opened = {
  readonly counters: MemoryCounters
  readonly changed: Changed
  readonly writer: WorkerClient<CountersAsk, CountersAnswer>
  readonly table: StateTable
  readonly mostStates: number
  readonly trouble: (error: unknown, about: string) => void
  readonly begunAnew: string | undefined
}

class FileCounters implements KeptCounters {
  readonly states: SubjectState
  readonly begunAnew: string | undefined
  readonly #counters: MemoryCounters
  readonly #changed: Changed
  readonly #table: StateTable
  readonly #mostStates: number
  readonly #writer: Opened['writer']
  readonly #behind: WriteBehind
  #closed: Promise<void> | undefined

  constructor({ counters, changed, writer, table, mostStates, trouble, begunAnew }: Opened) {
    this.begunAnew = begunAnew
    this.#counters = counters
    this.#changed = changed
    this.#table = table
    this.#mostStates = mostStates
    this.#writer = writer
    const behind = new WriteBehind({ counters, states: table, changed, writer, trouble })
    this.#behind = behind
    this.states = keptStates(counters, table, {
      read: keys => writer.ask({ read: keys }),
      keep: (swap, once) => behind.keepOnce(once, batchOf(swap), swap.states.map(keyOf)),
      keeping: once => behind.keeping(once),
      oldest: () => behind.oldest(),
      flush: () => behind.flush(),
    })
  }

  apply(batch: Batch): ReturnType<Counters['apply']> {
    const counted = this.#counters.apply(batch)
    if (batch.once === undefined)
      return mustBeKept(batch, counted) ? this.#behind.keep(batch).then(() => counted) : counted
    const first = 'taken' in counted && counted.taken
    const kept = first ? this.#behind.keepOnce(batch.once, batch) : this.#behind.keeping(batch.once)
    return kept ? kept.then(() => counted) : counted
  }

  sweep(at: number): void {
    for (const [kind, key] of this.#counters.sweep(at)) this.#changed[kind].add(key)
    this.#table.sweep(at)
    // What could not be forgotten is forgotten the next time.
    this.#writer.ask({ forget: at - STATES_KEPT, most: this.#mostStates }).catch(unheard)
  }

  close(): Promise<void> {
    this.#closed ??= this.#behind.close().then(() => this.#writer.close())
    return this.#closed
  }
}

/** It has what a killed process must not lose of the last second; of members what is new. */
const mustBeKept = ({ ops }: Batch, counted: Counted): boolean =>
  'taken' in counted &&
  counted.taken &&
  ops.some(
    (op, i) =>
      (op.op === 'sum' && op.kept === true) ||
      (op.op === 'distinct' && op.kept === true && (counted.readings[i]?.novel ?? 0) > 0),
  )

const keyOf = ({ key }: { readonly key: string }) => key

const unheard = () => undefined
