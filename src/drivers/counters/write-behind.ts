// Hands rows and states that changed to the thread that writes them: all of them once a second, those of batches that count once at the
// end of their turn, or together when those before them are written, so that one commit serves many. What could not be written has changed
// still, and is handed over again.

import { setImmediate as turn } from 'node:timers/promises'
import type { Batch } from '../../model/counter.ts'
import type { WorkerClient } from '../sqlite/worker-client.ts'
import { ChangedKeys } from './changed-keys.ts'
import type { CountersAnswer, CountersAsk } from './counters-ask.ts'
import type { MemoryCounters } from './memory.ts'
import { type Kind, KINDS, PackedRows } from './packed-rows.ts'
import type { StateRow, StateTable } from './state-table.ts'

export type Changed = Readonly<Record<Kind, ChangedKeys>>

export const noneChanged = (): Changed => ({
  sum: new ChangedKeys(),
  distinct: new ChangedKeys(),
  mark: new ChangedKeys(),
  leak: new ChangedKeys(),
  once: new ChangedKeys(),
  tokens: new ChangedKeys(),
})

export type WriteBehindParts = {
  readonly counters: MemoryCounters
  readonly states: StateTable
  /** Rows of `counters` that are not written yet. */
  readonly changed: Changed
  readonly writer: Pick<WorkerClient<CountersAsk, CountersAnswer>, 'ask'>
  readonly trouble: (error: unknown, about: string) => void
}

/** What batches that count once have changed and was not handed over yet; `kept`: it is on the disk, or its failure was told. */
type Gathered = {
  readonly rows: (readonly [Kind, number])[]
  readonly keys: string[]
  readonly kept: PromiseWithResolvers<void>
}

/** ms between two writes. */
const EVERY = 1000
/** Rows packed in one go, about a millisecond: then others have their turn. */
const ROWS_AT_ONCE = 500
/** Failed writes, one a second: the first of every 60 is logged. */
const SAID_EVERY = 60
/** Rows of one commit. */
const ROWS_PER_COMMIT = 50_000

export class WriteBehind {
  readonly #parts: WriteBehindParts
  /** Batches that count once, whose changes are on their way to the disk. */
  readonly #keeping = new Map<string, Promise<void>>()
  #gathered: Gathered | undefined
  /** Handed over of what was gathered, and not written yet. */
  #underWay = 0
  readonly #timer: NodeJS.Timeout
  /** Rows that are being packed, and are not handed over yet. */
  #packing: PackedRows | undefined
  #writing: Promise<void> | undefined
  #failures = 0

  constructor(parts: WriteBehindParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.flush(), EVERY)
    this.#timer.unref()
  }

  /** All that has changed; resolves when it is written, or its failure was told. While the disk is slow, rows that change again are written once. */
  flush(): Promise<void> {
    return (this.#writing ??= this.#write().finally(() => (this.#writing = undefined)))
  }

  /** Hands over what a batch that counts once has changed: a repeated call with the same name waits for the same write. */
  keepOnce(once: string, batch: Batch, keys: readonly string[] = []): Promise<void> {
    const answer = this.keep(batch, keys).finally(() => this.#keeping.delete(once))
    this.#keeping.set(once, answer)
    return answer
  }

  /** Hands over what a batch has changed, and these states, without waiting for the second; resolves when it is written. */
  keep(batch: Batch, keys: readonly string[] = []): Promise<void> {
    const { rows, keys: states, kept } = (this.#gathered ??= this.#gather())
    rows.push(...this.#parts.counters.rowsOf(batch))
    states.push(...keys)
    return kept.promise
  }

  /** While the first telling of it is on its way to the disk. */
  keeping(once: string): Promise<void> | undefined {
    return this.#keeping.get(once)
  }

  /** The one that has been on its way for longest, if any is. */
  oldest(): Promise<void> | undefined {
    return this.#keeping.values().next().value
  }

  /** Resolves when all that has changed is written, or its failure was told. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#writing
    await this.#write()
    this.#keepGathered()
  }

  #gather(): Gathered {
    setImmediate(() => {
      if (this.#underWay === 0) this.#keepGathered()
    })
    return { rows: [], keys: [], kept: Promise.withResolvers() }
  }

  /** No promise: the caller that waits has one. */
  #keepGathered(): void {
    const gathered = this.#gathered
    if (!gathered) return
    this.#gathered = undefined
    this.#underWay++
    void this.#keep(gathered).finally(() => {
      this.#underWay--
      gathered.kept.resolve()
      if (this.#underWay === 0) this.#keepGathered()
    })
  }

  async #keep({ rows, keys }: Gathered): Promise<void> {
    const { counters, states, changed } = this.#parts
    const now = new PackedRows()
    for (const [kind, key] of rows) {
      now.add(kind, key, put => counters.pack(kind, key, put))
      // Or an older state of the same row would be written over it.
      this.#packing?.add(kind, key, put => counters.pack(kind, key, put))
    }
    try {
      await this.#handOver(now, states.unwritten(keys))
    } catch (error) {
      for (const [kind, key] of rows) changed[kind].add(key)
      this.#failed(error)
    }
  }

  /** Hands over all that has changed so far. */
  async #write(): Promise<void> {
    const { changed } = this.#parts
    const taken = KINDS.map(kind => ({ kind, keys: changed[kind].take() }))
    try {
      await this.#pack(taken)
      this.#failures = 0
    } catch (error) {
      for (const { kind, keys } of taken) for (const key of keys) changed[kind].add(key)
      this.#failed(error)
    } finally {
      this.#packing = undefined
    }
  }

  async #pack(
    taken: readonly { readonly kind: Kind; readonly keys: Float64Array }[],
  ): Promise<void> {
    const { counters, states } = this.#parts
    const packed = new PackedRows()
    this.#packing = packed
    for (const { kind, keys } of taken)
      for (const key of keys) {
        packed.add(kind, key, put => counters.pack(kind, key, put))
        if (packed.rows % ROWS_AT_ONCE === 0) await turn()
        if (packed.rows >= ROWS_PER_COMMIT) await this.#handOver(packed)
      }
    // In the turn in which they are read: an older state never follows a newer one.
    const unwritten = states.unwritten()
    if (packed.rows > 0 || unwritten.length > 0) await this.#handOver(packed, unwritten)
  }

  async #handOver(packed: PackedRows, unwritten: readonly StateRow[] = []): Promise<void> {
    const { writer, states } = this.#parts
    // First: what counts once is never on the disk without the name by which it does.
    this.#keepGathered()
    const rows = packed.take()
    await writer.ask({ rows, states: unwritten }, [rows.buffer])
    states.written(unwritten)
  }

  #failed(error: unknown): void {
    if (this.#failures++ % SAID_EVERY === 0) this.#parts.trouble(error, 'keeping counters')
  }
}
