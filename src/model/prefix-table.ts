// Prefixes of addresses in memory that threads share: one writes, others look up while it does. Open addressing, 32 bytes a place, IPv4 in
// its IPv6 spelling (::ffff:0:0/96). A place is never given to another prefix: a table that is full, or full of removed ones, is written anew
// into a buffer of its own, and its readers are handed that one. No names, no evidence: what a code means says `model/list-code.ts`.

import type { Prefix } from './ip.ts'

/** Words in front of the places: which lengths of prefixes are in it, one bit each (0 to 128). */
const HEAD = 8
/** Words of one place: state, four of the address, since when (s), two of its reference. */
const PLACE = 8
const LIVE = 0x8000_0000
const REMOVED = 1
const LEAST_PLACES = 1024
/** Filled further than that, looking up takes long. */
const FULL = 0.7

/** Four words of an address. */
export type AddressWords = readonly [number, number, number, number]

export type Placed = {
  readonly bits: number
  readonly words: AddressWords
  /** Last octet of the answer. */
  readonly code: number
  /** Whole seconds of the epoch. */
  readonly since: number
  /** Opaque: two words. */
  readonly reference: readonly [number, number]
}

const MAPPED = 0xffff

/** An IPv4 prefix in its IPv6 spelling. */
export function placeOf({ family, value, bits }: Prefix): Pick<Placed, 'bits' | 'words'> {
  if (family === 4) return { bits: bits + 96, words: [0, 0, MAPPED, Number(value)] }
  const word = (at: number) => Number((value >> BigInt(96 - 32 * at)) & 0xffff_ffffn)
  return { bits, words: [word(0), word(1), word(2), word(3)] }
}

/** As it was before `placeOf`. */
export function prefixOf({ bits, words: [a, b, c, d] }: Pick<Placed, 'bits' | 'words'>): Prefix {
  if (bits >= 96 && a === 0 && b === 0 && c === MAPPED)
    return { family: 4, value: BigInt(d), bits: bits - 96 }
  const value = [a, b, c, d].reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)
  return { family: 6, value, bits }
}

/** Looks up what another thread writes. */
export class PrefixReader {
  protected words: Uint32Array
  protected places: number
  /** What is looked up: used again for each. */
  readonly #key = new Uint32Array(4)

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Uint32Array(buffer)
    this.places = (this.words.length - HEAD) / PLACE
  }

  get buffer(): SharedArrayBuffer {
    return this.words.buffer as SharedArrayBuffer
  }

  /** The longest prefix that has this IPv4 address: where it stands, or -1. */
  find4(address: number): number {
    this.#key[0] = 0
    this.#key[1] = 0
    this.#key[2] = MAPPED
    this.#key[3] = address
    // Lengths 96 to 128 are those of IPv4.
    return this.#longest(3)
  }

  /** The longest prefix that has this address: where it stands, or -1. */
  find6(a: number, b: number, c: number, d: number): number {
    this.#key[0] = a
    this.#key[1] = b
    this.#key[2] = c
    this.#key[3] = d
    return this.#longest(0)
  }

  /** The longest prefix around this one that is wider: where it stands, or -1. */
  wider({ bits, words }: Pick<Placed, 'bits' | 'words'>): number {
    this.#key.set(words)
    const isMapped = bits >= 96 && words[0] === 0 && words[1] === 0 && words[2] === MAPPED
    return this.#longest(isMapped ? 3 : 0, bits)
  }

  /** Of the lengths in this word of the head, and in those behind it. */
  #longest(from: number, below = 129): number {
    for (let word = 4; word >= from; word--)
      for (let left = this.words[word] ?? 0; left !== 0; ) {
        const bit = 31 - Math.clz32(left)
        left &= ~(1 << bit)
        if (word * 32 + bit >= below) continue
        const at = this.#cutTo(word * 32 + bit)
        if (at >= 0) return at
      }
    return -1
  }

  /** Lengths become shorter: what was cut off before is not needed again. */
  #cutTo(bits: number): number {
    const key = this.#key
    for (let word = bits >>> 5; word < 4; word++)
      key[word] =
        word === bits >>> 5 && (bits & 31) !== 0 ? (key[word] ?? 0) & (-1 << (32 - (bits & 31))) : 0
    return this.#placed(bits)
  }

  /** Of exactly this prefix. */
  exactly(one: Pick<Placed, 'bits' | 'words'>): Placed | undefined {
    const at = this.placed(one)
    return at < 0 ? undefined : this.at(at)
  }

  codeAt(at: number): number {
    return ((this.words[at] ?? 0) >>> 8) & 255
  }

  at(at: number): Placed {
    const word = (i: number) => this.words[at + i] ?? 0
    return {
      bits: word(0) & 255,
      code: this.codeAt(at),
      words: [word(1), word(2), word(3), word(4)],
      since: word(5),
      reference: [word(6), word(7)],
    }
  }

  /** All there are, in no order. */
  *all(): Generator<Placed> {
    for (let at = HEAD; at < this.words.length; at += PLACE)
      if (((this.words[at] ?? 0) & LIVE) !== 0) yield this.at(at)
  }

  /** The one with this reference, by looking at all of them. */
  byReference(first: number, second: number): Placed | undefined {
    for (let at = HEAD; at < this.words.length; at += PLACE)
      if (
        this.words[at + 6] === first >>> 0 &&
        this.words[at + 7] === second >>> 0 &&
        ((this.words[at] ?? 0) & LIVE) !== 0
      )
        return this.at(at)
    return undefined
  }

  /** Where exactly this prefix stands, or -1. */
  protected placed({ bits, words }: Pick<Placed, 'bits' | 'words'>): number {
    this.#key.set(words)
    return this.#placed(bits)
  }

  #placed(bits: number): number {
    const { words } = this
    const key = this.#key
    for (let place = this.#first(bits); ; place = place + 1 === this.places ? 0 : place + 1) {
      const at = HEAD + place * PLACE
      const state = words[at] ?? 0
      if (state === 0) return -1
      const isIt = (state & LIVE) !== 0 && (state & 255) === bits && words[at + 4] === key[3]
      if (isIt && words[at + 3] === key[2] && words[at + 2] === key[1] && words[at + 1] === key[0])
        return at
    }
  }

  /** Where looking for a prefix begins that was looked for just now. */
  protected start(bits: number): number {
    return HEAD + this.#first(bits) * PLACE
  }

  #first(bits: number): number {
    const key = this.#key
    let hash = Math.imul((key[0] ?? 0) ^ bits, 0x9e37_79b1)
    hash = Math.imul((hash ^ (hash >>> 15)) + (key[1] ?? 0), 0x85eb_ca6b)
    hash = Math.imul((hash ^ (hash >>> 13)) + (key[2] ?? 0), 0xc2b2_ae35)
    hash = Math.imul((hash ^ (hash >>> 16)) + (key[3] ?? 0), 0x27d4_eb2f)
    hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b)
    return ((hash ^ (hash >>> 13)) >>> 0) % this.places
  }
}

const empty = (places: number) => new SharedArrayBuffer((HEAD + places * PLACE) * 4)

export class PrefixTable extends PrefixReader {
  #live = 0
  /** Places that are not empty. */
  #used = 0
  readonly #replaced: (buffer: SharedArrayBuffer) => void

  /** `replaced`: readers look up in that buffer from now on. */
  constructor(replaced: (buffer: SharedArrayBuffer) => void = () => undefined) {
    super(empty(LEAST_PLACES))
    this.#replaced = replaced
  }

  get size(): number {
    return this.#live
  }

  /** One that is there already is as it is given now. */
  put(one: Placed): void {
    const there = this.placed(one)
    if (there >= 0) return this.#write(there, one)
    if (this.#used + 1 > this.places * FULL) {
      this.#renew()
      this.placed(one)
    }
    let at = this.start(one.bits)
    while (this.words[at] !== 0) at = at + PLACE >= this.words.length ? HEAD : at + PLACE
    this.#live++
    this.#used++
    this.#write(at, one)
  }

  /** Whether it was there. */
  remove(one: Pick<Placed, 'bits' | 'words'>): boolean {
    const at = this.placed(one)
    if (at < 0) return false
    Atomics.store(this.words, at, REMOVED)
    this.#live--
    return true
  }

  /** The state last: until then no reader sees the place. */
  #write(at: number, { bits, words, code, since, reference }: Placed): void {
    for (const [i, word] of [...words, since, ...reference].entries())
      this.words[at + 1 + i] = word >>> 0
    const head = bits >>> 5
    Atomics.or(this.words, head, 1 << (bits & 31))
    Atomics.store(this.words, at, (LIVE | (code << 8) | bits) >>> 0)
  }

  #renew(): void {
    const kept = new PrefixReader(this.buffer)
    const places = Math.max(LEAST_PLACES, Math.ceil(this.#live * 1.9))
    this.words = new Uint32Array(empty(places))
    this.places = places
    this.#live = 0
    this.#used = 0
    for (const one of kept.all()) this.put(one)
    this.#replaced(this.buffer)
  }
}
