// Rolling sums of twelve slots each, found by subject and counter. Compact rows in 256 shards, so that growing one of
// them is never noticed; amounts that do not fit 16 bits move to a roomier map.

import type { Put } from './packed-rows.ts'
import { local, RowPool } from './row-pool.ts'
import { advance, ringIndex, SLOTS, sumOf } from './slot-ring.ts'
import { slotsAt, SumShard } from './sum-shard.ts'

const SHARDS = 256
const MAX_SMALL = 65_535
/** Windows of this many different lengths are kept compactly: their number must fit the 8 bits of a tag. */
const MAX_LENGTHS = 255
/** Slot numbers since 1970 must fit 32 bits. */
const SHORTEST_SLOT = 1000

/** Which sum: the hash of its subject, and a 24-bit hash of what is counted. */
export type SumKey = { readonly key: number; readonly name: number }

type Wide = { name: number; length: number; newest: number; slots: number[] }

/** Numbers of one counter on disk: its name, ms of a slot, the newest slot, and what is in each of them. */
const PACKED = 3 + SLOTS

export class SumTable {
  readonly #pool = new RowPool()
  readonly #shards: readonly SumShard[] = Array.from(
    { length: SHARDS },
    () => new SumShard(this.#pool),
  )
  readonly #wide = new Map<number, Wide[]>()
  /** Lengths of slots in use; a tag holds the place in this list, from 1. */
  readonly #lengths: number[] = []

  /** Sum over the window that ends at `at`. The oldest slot is counted whole. */
  read({ key, name }: SumKey, at: number, window: number): number {
    const length = slotLength(window)
    const wide = this.#wideOf(key, name, length)
    if (wide) return sumOf(wide.slots, 0, wide.newest, Math.floor(at / length))
    const word = this.#shard(key).find(key, this.#tag(name, length))
    if (word < 0) return 0
    const newest = this.#pool.words(word)[local(word) + 1] as number
    return sumOf(this.#pool.slots(word), slotsAt(word), newest, Math.floor(at / length))
  }

  /** The count in the slot of `at`: no more than that can be taken off it. */
  inSlot({ key, name }: SumKey, at: number, window: number): number {
    const length = slotLength(window)
    const slot = Math.floor(at / length)
    const inside = (newest: number) => slot <= newest && newest - slot < SLOTS
    const wide = this.#wideOf(key, name, length)
    if (wide) return inside(wide.newest) ? (wide.slots[ringIndex(slot)] ?? 0) : 0
    const word = this.#shard(key).find(key, this.#tag(name, length))
    if (word < 0 || !inside(this.#pool.words(word)[local(word) + 1] as number)) return 0
    return this.#pool.slots(word)[slotsAt(word) + ringIndex(slot)] as number
  }

  /** When at least `amount` will have fallen out of the window. */
  freedAt(of: SumKey, at: number, window: number, amount: number): number {
    const length = slotLength(window)
    const now = Math.floor(at / length)
    for (let later = 1; later <= SLOTS; later++) {
      const then = (now + later) * length
      if (this.read(of, at, window) - this.read(of, then, window) >= amount) return then
    }
    return at + window
  }

  /** Returns the sum that `read` would. */
  add(of: SumKey, at: number, window: number, amount: number): number {
    const { key, name } = of
    const length = slotLength(window)
    const slot = Math.floor(at / length)
    const tag = this.#tag(name, length)
    const wide =
      this.#wideOf(key, name, length) ??
      (tag === 0
        ? this.#widen(key, { name, length, newest: slot, slots: Array(SLOTS).fill(0) })
        : undefined)
    if (wide) {
      advance(wide.slots, 0, wide.newest, slot)
      wide.newest = Math.max(wide.newest, slot)
      const index = ringIndex(slot)
      if (wide.newest - slot < SLOTS) wide.slots[index] = (wide.slots[index] ?? 0) + amount
      return sumOf(wide.slots, 0, wide.newest, slot)
    }
    const word = this.#shard(key).findOrAdd(key, tag, slot)
    const [words, slots] = [this.#pool.words(word), this.#pool.slots(word)]
    const newest = words[local(word) + 1] as number
    advance(slots, slotsAt(word), newest, slot)
    words[local(word) + 1] = Math.max(newest, slot)
    // An event older than the window changes nothing.
    if (newest - slot >= SLOTS) return sumOf(slots, slotsAt(word), newest, slot)
    const index = slotsAt(word) + ringIndex(slot)
    const total = (slots[index] as number) + amount
    if (fits(total)) {
      slots[index] = total
      return sumOf(slots, slotsAt(word), Math.max(newest, slot), slot)
    }
    const grown = this.#widen(key, this.#counterAt(word))
    grown.slots[ringIndex(slot)] = total
    words[local(word)] = 0
    return this.read(of, at, window)
  }

  /** All counters of one subject, for the disk; nothing when there are none. */
  pack(key: number, put: Put): void {
    for (const word of this.#shard(key).of(key)) {
      const [words, slots, from] = [this.#pool.words(word), this.#pool.slots(word), slotsAt(word)]
      const tag = words[local(word)] as number
      put(tag >>> 8)
      put(this.#lengthOf(tag))
      put(words[local(word) + 1] as number)
      for (let i = 0; i < SLOTS; i++) put(slots[from + i] as number)
    }
    for (const { name, length, newest, slots } of this.#wide.get(key) ?? []) {
      put(name)
      put(length)
      put(newest)
      for (let i = 0; i < SLOTS; i++) put(slots[i] ?? 0)
    }
  }

  unpack(key: number, saved: readonly number[]): void {
    for (let i = 0; i + PACKED <= saved.length; i += PACKED) {
      const [name = 0, length = 0, newest = 0, ...slots] = saved.slice(i, i + PACKED)
      const tag = this.#tag(name, length)
      if (tag === 0 || !slots.every(fits)) {
        this.#widen(key, { name, length, newest, slots })
        continue
      }
      const word = this.#shard(key).findOrAdd(key, tag, newest)
      this.#pool.words(word)[local(word) + 1] = newest
      this.#pool.slots(word).set(slots, slotsAt(word))
    }
  }

  /** Drops counters whose window has passed. Returns the keys that had one. */
  sweep(at: number): number[] {
    const passed = (newest: number, length: number) => at / length - newest > SLOTS + 1
    const changed = this.#shards.flatMap(shard =>
      shard.sweep(word => {
        const words = this.#pool.words(word)
        const [tag = 0, newest = 0] = [words[local(word)], words[local(word) + 1]]
        return passed(newest, this.#lengthOf(tag))
      }),
    )
    for (const [key, all] of this.#wide) {
      const live = all.filter(wide => !passed(wide.newest, wide.length))
      if (live.length === all.length) continue
      changed.push(key)
      if (live.length > 0) this.#wide.set(key, live)
      else this.#wide.delete(key)
    }
    return changed
  }

  /** How many rows there are; one subject's counters share a row as long as there is room. */
  get rows(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.used, this.#wide.size)
  }

  #shard(key: number): SumShard {
    return this.#shards[Math.floor(key / 4294967296) & (SHARDS - 1)] as SumShard
  }

  /** Name and length in one word; 0 when there are too many lengths to tell them apart. */
  #tag(name: number, length: number): number {
    let code = this.#lengths.indexOf(length)
    if (code < 0) {
      if (this.#lengths.length === MAX_LENGTHS) return 0
      code = this.#lengths.push(length) - 1
    }
    return ((name << 8) | (code + 1)) >>> 0
  }

  #lengthOf(tag: number): number {
    return this.#lengths[(tag & 255) - 1] as number
  }

  #counterAt(word: number): Wide {
    const [tag = 0, newest = 0] = this.#pool.words(word).subarray(local(word), local(word) + 2)
    const slots = this.#pool.slots(word).subarray(slotsAt(word), slotsAt(word) + SLOTS)
    return { name: tag >>> 8, length: this.#lengthOf(tag), newest, slots: [...slots] }
  }

  #wideOf(key: number, name: number, length: number): Wide | undefined {
    if (this.#wide.size === 0) return undefined
    return this.#wide.get(key)?.find(wide => wide.name === name && wide.length === length)
  }

  #widen(key: number, wide: Wide): Wide {
    this.#wide.set(key, [...(this.#wide.get(key) ?? []), wide])
    return wide
  }
}

const fits = (amount: number) => Number.isInteger(amount) && amount >= 0 && amount <= MAX_SMALL
const slotLength = (window: number) => Math.max(SHORTEST_SLOT, Math.round(window / SLOTS))
