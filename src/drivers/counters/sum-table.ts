// Rolling sums, twelve slots each, 44 bytes a row: open addressing over typed arrays, in 256 shards so that
// growing one of them is never noticed. Amounts that do not fit 16 bits move to a roomier map.

const SLOTS = 12
const SHARDS = 256
const FIRST_SIZE = 64
const MAX_SMALL = 65_535

type Shard = {
  size: number
  used: number
  keys: Float64Array
  /** Index of the newest slot since 1970, and the length of a slot in ms. */
  newest: Float64Array
  length: Float64Array
  slots: Uint16Array
}

/** A row as it is written to disk and read back. */
export type SumRow = {
  readonly newest: number
  readonly length: number
  readonly slots: readonly number[]
}

export class SumTable {
  readonly #shards: Shard[] = Array.from({ length: SHARDS }, () => newShard(FIRST_SIZE))
  readonly #wide = new Map<number, { newest: number; length: number; slots: number[] }>()

  /** Sum over the window that ends at `at`. The oldest slot is counted whole. */
  read(key: number, at: number, window: number): number {
    const wide = this.#wide.get(key)
    if (wide) return sumOf(wide.slots, 0, wide.newest, Math.floor(at / wide.length))
    const shard = this.#shard(key)
    const row = find(shard, key)
    if (row < 0) return 0
    const newest = shard.newest[row] as number
    return sumOf(shard.slots, row * SLOTS, newest, Math.floor(at / (window / SLOTS)))
  }

  /** When at least `amount` will have fallen out of the window. */
  freedAt(key: number, at: number, window: number, amount: number): number {
    const length = window / SLOTS
    const now = Math.floor(at / length)
    for (let later = 1; later <= SLOTS; later++) {
      const then = (now + later) * length
      if (this.read(key, at, window) - this.read(key, then, window) >= amount) return then
    }
    return at + window
  }

  add(key: number, at: number, window: number, amount: number): void {
    const length = window / SLOTS
    const slot = Math.floor(at / length)
    const wide = this.#wide.get(key)
    if (wide) {
      advance(wide.slots, 0, wide.newest, slot)
      wide.newest = Math.max(wide.newest, slot)
      const index = ringIndex(slot)
      if (wide.newest - slot < SLOTS) wide.slots[index] = (wide.slots[index] ?? 0) + amount
      return
    }
    const shard = this.#shard(key)
    const row = findOrAdd(shard, key, slot, length)
    const newest = shard.newest[row] as number
    advance(shard.slots, row * SLOTS, newest, slot)
    shard.newest[row] = Math.max(newest, slot)
    // An event older than the window changes nothing.
    if (newest - slot >= SLOTS) return
    const index = row * SLOTS + ringIndex(slot)
    const total = (shard.slots[index] as number) + amount
    if (Number.isInteger(total) && total >= 0 && total <= MAX_SMALL) shard.slots[index] = total
    else this.#widen(key, { shard, row }, ringIndex(slot), total)
  }

  export(key: number): SumRow | undefined {
    const wide = this.#wide.get(key)
    if (wide) return { ...wide, slots: [...wide.slots] }
    const shard = this.#shard(key)
    const row = find(shard, key)
    if (row < 0) return undefined
    return {
      newest: shard.newest[row] as number,
      length: shard.length[row] as number,
      slots: [...shard.slots.subarray(row * SLOTS, (row + 1) * SLOTS)],
    }
  }

  import(key: number, saved: SumRow): void {
    if (saved.slots.some(amount => !Number.isInteger(amount) || amount > MAX_SMALL || amount < 0)) {
      this.#wide.set(key, { ...saved, slots: [...saved.slots] })
      return
    }
    const shard = this.#shard(key)
    const row = findOrAdd(shard, key, saved.newest, saved.length)
    shard.newest[row] = saved.newest
    shard.slots.set(saved.slots, row * SLOTS)
  }

  /** Drops rows whose window has passed. Returns their keys. */
  sweep(at: number): number[] {
    const gone: number[] = []
    for (let i = 0; i < SHARDS; i++) {
      const shard = this.#shards[i] as Shard
      const live: number[] = []
      for (let row = 0; row < shard.size; row++) {
        if (Number.isNaN(shard.keys[row])) continue
        const passed =
          at / (shard.length[row] as number) - (shard.newest[row] as number) > SLOTS + 1
        if (passed) gone.push(shard.keys[row] as number)
        else live.push(row)
      }
      if (live.length < shard.used) this.#shards[i] = rebuilt(shard, live, sizeFor(live.length))
    }
    for (const [key, row] of this.#wide) {
      if (at / row.length - row.newest > SLOTS + 1) {
        this.#wide.delete(key)
        gone.push(key)
      }
    }
    return gone
  }

  get rows(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.used, this.#wide.size)
  }

  #shard(key: number): Shard {
    const index = Math.floor(key / 4294967296) & (SHARDS - 1)
    const shard = this.#shards[index] as Shard
    if (shard.used * 4 < shard.size * 3) return shard
    const all = Array.from({ length: shard.size }, (_, row) => row).filter(
      row => !Number.isNaN(shard.keys[row]),
    )
    const larger = rebuilt(shard, all, shard.size * 2)
    this.#shards[index] = larger
    return larger
  }

  #widen(
    key: number,
    { shard, row }: { shard: Shard; row: number },
    index: number,
    total: number,
  ): void {
    const slots = [...shard.slots.subarray(row * SLOTS, (row + 1) * SLOTS)]
    slots[index] = total
    this.#wide.set(key, {
      newest: shard.newest[row] as number,
      length: shard.length[row] as number,
      slots,
    })
    // The narrow row stays, empty, until the sweep: removing it would break the probe chain of others.
    shard.slots.fill(0, row * SLOTS, (row + 1) * SLOTS)
  }
}

function newShard(size: number): Shard {
  return {
    size,
    used: 0,
    keys: new Float64Array(size).fill(Number.NaN),
    newest: new Float64Array(size),
    length: new Float64Array(size),
    slots: new Uint16Array(size * SLOTS),
  }
}

function rebuilt(old: Shard, rows: readonly number[], size: number): Shard {
  const shard = newShard(size)
  for (const row of rows) {
    const to = findOrAdd(
      shard,
      old.keys[row] as number,
      old.newest[row] as number,
      old.length[row] as number,
    )
    shard.slots.set(old.slots.subarray(row * SLOTS, (row + 1) * SLOTS), to * SLOTS)
  }
  return shard
}

function find(shard: Shard, key: number): number {
  const mask = shard.size - 1
  for (let at = key & mask; ; at = (at + 1) & mask) {
    const found = shard.keys[at] as number
    if (found === key) return at
    if (Number.isNaN(found)) return -1
  }
}

function findOrAdd(shard: Shard, key: number, newest: number, length: number): number {
  const mask = shard.size - 1
  let at = key & mask
  while (!Number.isNaN(shard.keys[at])) {
    if (shard.keys[at] === key) return at
    at = (at + 1) & mask
  }
  shard.keys[at] = key
  shard.newest[at] = newest
  shard.length[at] = length
  shard.used++
  return at
}

function sizeFor(rows: number): number {
  let size = FIRST_SIZE
  while (size * 3 < rows * 4 + 4) size *= 2
  return size
}

const ringIndex = (slot: number) => slot % SLOTS

/** Sums the slots that are inside the window ending with slot `now`. */
function sumOf(
  slots: { [index: number]: number },
  from: number,
  newest: number,
  now: number,
): number {
  let total = 0
  for (let slot = Math.max(newest - SLOTS + 1, now - SLOTS + 1); slot <= newest; slot++) {
    total += slots[from + ringIndex(slot)] ?? 0
  }
  return total
}

/** Clears the slots that time has passed over. */
function advance(
  slots: { [index: number]: number },
  from: number,
  newest: number,
  slot: number,
): void {
  if (slot <= newest) return
  const steps = Math.min(SLOTS, slot - newest)
  for (let i = 1; i <= steps; i++) slots[from + ringIndex(newest + i)] = 0
}
