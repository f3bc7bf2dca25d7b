// The counter store of one process: everything in memory, as hashes. Atomic because it never yields inside a batch.

import type { Batch, Counted, Op, Reading } from '../../model/counter.ts'
import type { Counters } from '../../ports/counters.ts'
import { DistinctTable } from './distinct-table.ts'
import { hash53, sumKey } from './hash.ts'
import { LeakTable } from './leak-table.ts'
import { MarkTable } from './mark-table.ts'
import type { Put } from './packed-rows.ts'
import { type SumKey, SumTable } from './sum-table.ts'

/** Batches told twice are recognised this long, and at most so many of them. */
const ONCE_KEPT = 100_000

export class MemoryCounters implements Counters {
  readonly sums = new SumTable()
  readonly distincts = new DistinctTable()
  readonly marks = new MarkTable()
  readonly leaks = new LeakTable()
  /** Two generations: when the younger is full, the older is forgotten. */
  #once = new Map<string, readonly Reading[]>()
  #onceBefore = new Map<string, readonly Reading[]>()
  readonly #touched: ((kind: Op['op'], key: number) => void) | undefined

  /** `touched` hears of every row that changed, for writing behind. */
  constructor(touched?: (kind: Op['op'], key: number) => void) {
    this.#touched = touched
  }

  apply(batch: Batch): Counted {
    if (batch.once !== undefined) {
      const before = this.#once.get(batch.once) ?? this.#onceBefore.get(batch.once)
      if (before) return { taken: false, repeated: true, readings: before }
    }
    const keys = batch.ops.map(keyOf)
    // Where nothing can be over its limit, nothing need be looked at before it is taken.
    if (batch.mode === 'take' && !batch.ops.some(isLimited)) {
      const readings = batch.ops.map((op, i) => this.#take(op, keys[i] as SumKey, batch.at))
      if (batch.once !== undefined) this.#remember(batch.once, readings)
      return { taken: true, readings }
    }
    const before = batch.ops.map((op, i) => this.#peek(op, keys[i] as SumKey, batch.at))
    const refused = this.#firstOver(batch, keys, before)
    if (batch.mode === 'peek') return { taken: false, ...refused, readings: before }
    const readings = batch.ops.map(
      (op, i): Reading =>
        refused === undefined || op.always === true
          ? this.#take(op, keys[i] as SumKey, batch.at)
          : (before[i] as Reading),
    )
    if (refused) return { taken: false, ...refused, readings }
    if (batch.once !== undefined) this.#remember(batch.once, readings)
    return { taken: true, readings }
  }

  /** Numbers of one row, for the disk; none when it is gone. */
  pack(kind: Op['op'], key: number, put: Put): void {
    if (kind === 'sum') return this.sums.pack(key, put)
    if (kind === 'distinct') return this.distincts.pack(key, put)
    return kind === 'mark' ? this.marks.pack(key, put) : this.leaks.pack(key, put)
  }

  /** A row as it was packed. */
  unpack(kind: Op['op'], key: number, numbers: readonly number[]): void {
    if (kind === 'sum') return this.sums.unpack(key, numbers)
    if (kind === 'distinct') return this.distincts.unpack(key, numbers)
    return kind === 'mark' ? this.marks.unpack(key, numbers) : this.leaks.unpack(key, numbers)
  }

  /** Forgets rows whose time has passed. Returns their keys by kind. */
  sweep(at: number): readonly (readonly [Op['op'], number])[] {
    const gone: [Op['op'], number][] = []
    for (const key of this.sums.sweep(at)) gone.push(['sum', key])
    for (const key of this.distincts.sweep(at)) gone.push(['distinct', key])
    for (const key of this.marks.sweep(at)) gone.push(['mark', key])
    for (const key of this.leaks.sweep(at)) gone.push(['leak', key])
    return gone
  }

  #firstOver(
    batch: Batch,
    keys: readonly SumKey[],
    before: readonly Reading[],
  ): { refusedBy: number; resetAt: number } | undefined {
    for (let i = 0; i < batch.ops.length; i++) {
      const op = batch.ops[i] as Op
      if (!('limit' in op) || op.limit === undefined) continue
      const { value, novel = 0 } = before[i] as Reading
      const excess = value + (op.op === 'sum' ? op.amount : novel) - op.limit
      if (excess <= 0) continue
      const resetAt =
        op.op === 'sum'
          ? this.sums.freedAt(keys[i] as SumKey, batch.at, op.window, excess)
          : batch.at + op.window
      return { refusedBy: i, resetAt }
    }
    return undefined
  }

  #peek(op: Op, of: SumKey, at: number): Reading {
    const { key } = of
    switch (op.op) {
      case 'sum':
        return { value: this.sums.read(of, at, op.window) }
      case 'distinct':
        return this.distincts.read(key, hashed(op.members), at, op.window)
      case 'mark':
        return this.marks.read(key, at, op.ttl)
      case 'leak':
        return { value: this.leaks.read(key, at, op.perDay) }
      default:
        return op satisfies never
    }
  }

  #take(op: Op, of: SumKey, at: number): Reading {
    const { key } = of
    this.#touched?.(op.op, key)
    switch (op.op) {
      case 'sum':
        this.sums.add(of, at, op.window, op.amount)
        return { value: this.sums.read(of, at, op.window) }
      case 'distinct': {
        const members = hashed(op.members)
        const before = this.distincts.read(key, members, at, op.window)
        this.distincts.add(key, members, at, op.window)
        return { value: Math.min(1024, before.value + before.novel), novel: before.novel }
      }
      case 'mark':
        return this.marks.add(key, at, op.ttl)
      case 'leak':
        return { value: this.leaks.add(key, at, op) }
      default:
        return op satisfies never
    }
  }

  #remember(once: string, readings: readonly Reading[]): void {
    if (this.#once.size >= ONCE_KEPT) {
      this.#onceBefore = this.#once
      this.#once = new Map()
    }
    this.#once.set(once, readings)
  }
}

const NOBODY: readonly number[] = Object.freeze([])
/** Most are asked how many there are, and of nobody in particular. */
const hashed = (members: readonly string[]): readonly number[] =>
  members.length === 0 ? NOBODY : members.map(hash53)

const isLimited = (op: Op): boolean => 'limit' in op && op.limit !== undefined

/** Sums lie together by subject; all else is found by its whole key. */
function keyOf(op: Op): SumKey {
  return op.op === 'sum' ? sumKey(op.key) : { key: hash53(op.key), name: 0 }
}
