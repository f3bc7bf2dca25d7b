// The counter store of one process: everything in memory, as hashes. Atomic because it never yields inside a batch.

import type { Batch, Counted, DistinctOp, Op, Reading } from '../../model/counter.ts'
import type { Counters } from '../../ports/counters.ts'
import { DistinctTable, ROOM } from './distinct-table.ts'
import { hash53, sumKey } from './hash.ts'
import { LeakTable } from './leak-table.ts'
import { MarkTable } from './mark-table.ts'
import { OnceTable } from './once-table.ts'
import { type Kind, KINDS, type Put } from './packed-rows.ts'
import { type SumKey, SumTable } from './sum-table.ts'
import { TokenTable } from './token-table.ts'

export class MemoryCounters implements Counters {
  readonly sums = new SumTable()
  readonly distincts = new DistinctTable()
  readonly marks = new MarkTable()
  readonly leaks = new LeakTable()
  readonly tokens = new TokenTable()
  readonly once = new OnceTable()
  readonly #touched: ((kind: Kind, key: number) => void) | undefined

  /** `touched` hears of every row that changed, for writing behind. */
  constructor(touched?: (kind: Kind, key: number) => void) {
    this.#touched = touched
  }

  apply(batch: Batch): Counted {
    if (batch.once !== undefined) {
      const before = this.once.get(hash53(batch.once))
      if (before) return { taken: false, repeated: true, readings: before }
    }
    const keys = batch.ops.map(keyOf)
    if (batch.mode === 'rollback') {
      batch.ops.forEach((op, i) => this.#back(op, keys[i] as SumKey, batch.at))
      const readings = batch.ops.map((op, i) => this.#peek(op, keys[i] as SumKey, batch.at))
      return { taken: false, readings }
    }
    // Where nothing can be over its limit, nothing need be looked at before it is taken.
    if (batch.mode === 'take' && !batch.ops.some(isLimited)) {
      const readings = batch.ops.map((op, i) => this.#take(op, keys[i] as SumKey, batch.at))
      if (batch.once !== undefined) this.#remember(batch.once, batch.at, readings)
      return { taken: true, readings }
    }
    const peek = (op: Op, i: number) => this.#peek(op, keys[i] as SumKey, batch.at)
    if (batch.mode === 'peek') {
      const readings = batch.ops.map(peek)
      return { taken: false, ...this.#firstOver(batch, keys, readings), readings }
    }
    // What has no limit refuses nothing: it is looked at only if another does.
    const before = batch.ops.map((op, i) => (isLimited(op) ? peek(op, i) : undefined))
    const refused = this.#firstOver(batch, keys, before)
    const readings = batch.ops.map(
      (op, i): Reading =>
        refused === undefined || op.always === true
          ? this.#take(op, keys[i] as SumKey, batch.at)
          : (before[i] ?? peek(op, i)),
    )
    if (refused) return { taken: false, ...refused, readings }
    if (batch.once !== undefined) this.#remember(batch.once, batch.at, readings)
    return { taken: true, readings }
  }

  /** A batch of this name was taken already. */
  wasTold(once: string): boolean {
    return this.once.get(hash53(once)) !== undefined
  }

  /** Every row that a batch changes when it is taken. */
  rowsOf({ once, ops }: Batch): readonly (readonly [Kind, number])[] {
    const rows = ops.map((op): [Kind, number] => [op.op, keyOf(op).key])
    return once === undefined ? rows : [...rows, ['once', hash53(once)]]
  }

  /** Numbers of one row, for the disk; none when it is gone. */
  pack(kind: Kind, key: number, put: Put): void {
    this.#table(kind).pack(key, put)
  }

  /** A row as it was packed. */
  unpack(kind: Kind, key: number, numbers: readonly number[]): void {
    this.#table(kind).unpack(key, numbers)
  }

  /** Forgets rows whose time has passed. Returns their keys by kind. */
  sweep(at: number): readonly (readonly [Kind, number])[] {
    return KINDS.flatMap(kind =>
      this.#table(kind)
        .sweep(at)
        .map((key): [Kind, number] => [kind, key]),
    )
  }

  #table(kind: Kind) {
    switch (kind) {
      case 'sum':
        return this.sums
      case 'distinct':
        return this.distincts
      case 'mark':
        return this.marks
      case 'leak':
        return this.leaks
      case 'tokens':
        return this.tokens
      default:
        return this.once
    }
  }

  #firstOver(
    batch: Batch,
    keys: readonly SumKey[],
    before: readonly (Reading | undefined)[],
  ): { refusedBy: number; resetAt: number } | undefined {
    for (let i = 0; i < batch.ops.length; i++) {
      const op = batch.ops[i] as Op
      if (op.op === 'tokens') {
        const { enoughAt = batch.at } = before[i] as Reading
        if (enoughAt > batch.at) return { refusedBy: i, resetAt: enoughAt }
      }
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
      case 'distinct': {
        const members = hashed(op.members)
        return this.#mixed(op, of, at, this.distincts.read(key, members, at, op.window))
      }
      case 'mark':
        return this.marks.read(key, at, op.ttl)
      case 'leak':
        return { value: this.leaks.read(key, at, op.perDay), count: this.leaks.count(key) }
      case 'tokens':
        return this.tokens.read(key, at, op)
      default:
        return op satisfies never
    }
  }

  #take(op: Op, of: SumKey, at: number): Reading {
    const { key } = of
    if (isAsked(op) || !this.#isAmong(op, at)) return this.#peek(op, of, at)
    this.#touched?.(op.op, key)
    switch (op.op) {
      case 'sum':
        return { value: this.sums.add(of, at, op.window, op.amount) }
      case 'distinct': {
        const members = hashed(op.members)
        const before = this.distincts.read(key, members, at, op.window)
        const value = Math.min(op.room ?? ROOM, before.value + before.novel)
        const reading = this.#mixed(op, of, at, { value, novel: before.novel })
        this.distincts.add(key, members, at, op)
        return reading
      }
      case 'mark':
        return this.marks.add(key, at, op.ttl)
      case 'leak':
        return { value: this.leaks.add(key, at, op), count: this.leaks.count(key) }
      case 'tokens':
        return this.tokens.take(key, at, op)
      default:
        return op satisfies never
    }
  }

  #isAmong(op: Op, at: number): boolean {
    if (op.op !== 'distinct' || op.among === undefined) return true
    const key = hash53(op.among.key)
    const member = [hash53(op.among.member)]
    if (this.distincts.read(key, member, at, op.window).novel > 0) return false
    this.#touched?.('distinct', key)
    this.distincts.add(key, member, at, op)
    return true
  }

  /** Which are new, where only some are. */
  #mixed(
    { members, window }: DistinctOp,
    { key }: SumKey,
    at: number,
    reading: { readonly value: number; readonly novel: number },
  ): Reading {
    if (reading.novel === 0 || members.length === 1) return reading
    if (reading.novel >= new Set(members).size) return reading
    const isNew = (one: string) => this.distincts.read(key, [hash53(one)], at, window).novel > 0
    return { ...reading, fresh: members.filter(isNew) }
  }

  #back(op: Op, of: SumKey, at: number): void {
    const { key } = of
    if (isAsked(op)) return undefined
    this.#touched?.(op.op, key)
    switch (op.op) {
      case 'sum':
        return void this.sums.add(
          of,
          at,
          op.window,
          -Math.min(op.amount, this.sums.inSlot(of, at, op.window)),
        )
      case 'distinct':
        return this.distincts.remove(key, hashed(op.members))
      case 'mark':
        return this.marks.takeBack(key)
      case 'leak':
        return this.leaks.takeBack(key, at, op)
      case 'tokens':
        return void this.tokens.take(key, at, { ...op, cost: -op.cost })
      default:
        return op satisfies never
    }
  }

  #remember(once: string, at: number, readings: readonly Reading[]): void {
    const forgotten = this.once.add(hash53(once), at, readings)
    if (forgotten !== undefined) this.#touched?.('once', forgotten)
  }
}

const NO_MEMBERS: readonly number[] = Object.freeze([])
/** Most operations ask how many there are, and name no members. */
function hashed(members: readonly string[]): readonly number[] {
  if (members.length === 0) return NO_MEMBERS
  // Operations of one batch often name the same members.
  if (members !== lastHashed.members) lastHashed = { members, hashes: members.map(hash53) }
  return lastHashed.hashes
}
let lastHashed: { readonly members: readonly string[]; readonly hashes: readonly number[] } = {
  members: [],
  hashes: NO_MEMBERS,
}

const isAsked = (op: Op): boolean => 'asks' in op && op.asks !== undefined

const isLimited = (op: Op): boolean =>
  op.op === 'tokens' || ('limit' in op && op.limit !== undefined)

/** Sums lie together by subject; all else is found by its whole key. */
function keyOf(op: Op): SumKey {
  return op.op === 'sum' ? sumKey(op.key) : { key: hash53(op.key), name: 0 }
}
