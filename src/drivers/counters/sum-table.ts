// Rolling sums, twelve slots each, 40 bytes a row: open addressing over typed arrays, in 256 shards so that
// growing one of them is never noticed. Amounts that do not fit 16 bits move to a roomier map.

const SLOTS = 12
const ROW_BYTES = 40
const SHARDS = 256
const FIRST_SIZE = 64
/** Linear probing stays short below this; growing by little keeps the average fill high. */
const FULL = 0.85
const GROWTH = 1.15
const MAX_SMALL = 65_535

/** Rows of 40 bytes in one buffer, so that a look-up touches one place in memory and not four. */
type Shard = {
  size: number
  used: number
  /** Key of row r at r * 5. */
  keys: Float64Array
  /** Newest slot since 1970 at r * 10 + 2, length of a slot in ms at r * 10 + 3. */
  words: Uint32Array
  /** Slots at r * 20 + 8 and after. */
  slots: Uint16Array
}

const keyAt = (row: number) => row * 5
const newestAt = (row: number) => row * 10 + 2
const lengthAt = (row: number) => row * 10 + 3
const slotsAt = (row: number) => row * 20 + 8

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
    const newest = shard.words[newestAt(row)] as number
    return sumOf(shard.slots, slotsAt(row), newest, Math.floor(at / Math.round(window / SLOTS)))
  }

  /** When at least `amount` will have fallen out of the window. */
  freedAt(key: number, at: number, window: number, amount: number): number {
    const length = Math.round(window / SLOTS)
    const now = Math.floor(at / length)
    for (let later = 1; later <= SLOTS; later++) {
      const then = (now + later) * length
      if (this.read(key, at, window) - this.read(key, then, window) >= amount) return then
    }
    return at + window
  }

  add(key: number, at: number, window: number, amount: number): void {
    const length = Math.round(window / SLOTS)
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
    const newest = shard.words[newestAt(row)] as number
    advance(shard.slots, slotsAt(row), newest, slot)
    shard.words[newestAt(row)] = Math.max(newest, slot)
    // An event older than the window changes nothing.
    if (newest - slot >= SLOTS) return
    const index = slotsAt(row) + ringIndex(slot)
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
      newest: shard.words[newestAt(row)] as number,
      length: shard.words[lengthAt(row)] as number,
      slots: [...shard.slots.subarray(slotsAt(row), slotsAt(row) + SLOTS)],
    }
  }

  import(key: number, saved: SumRow): void {
    if (saved.slots.some(amount => !Number.isInteger(amount) || amount > MAX_SMALL || amount < 0)) {
      this.#wide.set(key, { ...saved, slots: [...saved.slots] })
      return
    }
    const shard = this.#shard(key)
    const row = findOrAdd(shard, key, saved.newest, saved.length)
    shard.words[newestAt(row)] = saved.newest
    shard.slots.set(saved.slots, slotsAt(row))
  }

  /** Drops rows whose window has passed. Returns their keys. */
  sweep(at: number): number[] {
    const gone: number[] = []
    for (let i = 0; i < SHARDS; i++) {
      const shard = this.#shards[i] as Shard
      const live: number[] = []
      for (let row = 0; row < shard.size; row++) {
        if (Number.isNaN(shard.keys[keyAt(row)])) continue
        const passed =
          at / (shard.words[lengthAt(row)] as number) - (shard.words[newestAt(row)] as number) >
          SLOTS + 1
        if (passed) gone.push(shard.keys[keyAt(row)] as number)
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
    if (shard.used < shard.size * FULL) return shard
    const all = Array.from({ length: shard.size }, (_, row) => row).filter(
      row => !Number.isNaN(shard.keys[keyAt(row)]),
    )
    const larger = rebuilt(shard, all, Math.ceil(shard.size * GROWTH))
    this.#shards[index] = larger
    return larger
  }

  #widen(
    key: number,
    { shard, row }: { shard: Shard; row: number },
    index: number,
    total: number,
  ): void {
    const slots = [...shard.slots.subarray(slotsAt(row), slotsAt(row) + SLOTS)]
    slots[index] = total
    this.#wide.set(key, {
      newest: shard.words[newestAt(row)] as number,
      length: shard.words[lengthAt(row)] as number,
      slots,
    })
    // The narrow row stays, empty, until the sweep: removing it would break the probe chain of others.
    shard.slots.fill(0, slotsAt(row), slotsAt(row) + SLOTS)
  }
}

function newShard(size: number): Shard {
  const memory = new ArrayBuffer(size * ROW_BYTES)
  const shard = {
    size,
    used: 0,
    keys: new Float64Array(memory),
    words: new Uint32Array(memory),
    slots: new Uint16Array(memory),
  }
  for (let row = 0; row < size; row++) shard.keys[keyAt(row)] = Number.NaN
  return shard
}

function rebuilt(old: Shard, rows: readonly number[], size: number): Shard {
  const shard = newShard(size)
  for (const row of rows) {
    const to = findOrAdd(
      shard,
      old.keys[keyAt(row)] as number,
      old.words[newestAt(row)] as number,
      old.words[lengthAt(row)] as number,
    )
    shard.slots.set(old.slots.subarray(slotsAt(row), slotsAt(row) + SLOTS), slotsAt(to))
  }
  return shard
}

function find(shard: Shard, key: number): number {
  for (let at = home(shard, key); ; at = at + 1 === shard.size ? 0 : at + 1) {
    const found = shard.keys[keyAt(at)] as number
    if (found === key) return at
    if (Number.isNaN(found)) return -1
  }
}

function findOrAdd(shard: Shard, key: number, newest: number, length: number): number {
  let at = home(shard, key)
  while (!Number.isNaN(shard.keys[keyAt(at)])) {
    if (shard.keys[keyAt(at)] === key) return at
    at = at + 1 === shard.size ? 0 : at + 1
  }
  shard.keys[keyAt(at)] = key
  shard.words[newestAt(at)] = newest
  shard.words[lengthAt(at)] = length
  shard.used++
  return at
}

/** Where a key would like to be: its low 32 bits, spread over the size, whatever the size is. */
function home(shard: Shard, key: number): number {
  return Math.floor(((key >>> 0) / 4294967296) * shard.size)
}

function sizeFor(rows: number): number {
  return Math.max(FIRST_SIZE, Math.ceil((rows + 1) / (FULL / GROWTH)))
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
