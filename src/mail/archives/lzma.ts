// LZMA (I. Pavlov, LZMA specification 9.20): just the decoder, for the lists of names that 7z keeps compressed. Bounded in what
// it gives out; what is damaged ends with an error.

const TOP = 1 << 24
const STATES = 12
const LEN_TO_POS = 4
const ALIGN_BITS = 4
const END_POS_MODEL = 14
const FULL_DISTANCES = 1 << (END_POS_MODEL >> 1)
const MIN_MATCH = 2

class RangeDecoder {
  #range = 0xffffffff
  #code = 0
  #at: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#at = 1
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#byte()) >>> 0
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new Error('the compressed data ends too early')
    return byte
  }

  #normalize(): void {
    if (this.#range >= TOP) return
    this.#range = (this.#range << 8) >>> 0
    this.#code = ((this.#code << 8) | this.#byte()) >>> 0
  }

  bit(probs: Uint16Array, index: number): number {
    const prob = probs[index] as number
    const bound = (this.#range >>> 11) * prob
    let bit = 0
    if (this.#code < bound) {
      probs[index] = prob + ((2048 - prob) >> 5)
      this.#range = bound
    } else {
      probs[index] = prob - (prob >> 5)
      this.#code -= bound
      this.#range -= bound
      bit = 1
    }
    this.#normalize()
    return bit
  }

  direct(count: number): number {
    let result = 0
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1
      const bit = this.#code >= this.#range ? 1 : 0
      if (bit) this.#code -= this.#range
      this.#normalize()
      result = ((result << 1) | bit) >>> 0
    }
    return result
  }

  tree(probs: Uint16Array, offset: number, bits: number): number {
    let m = 1
    for (let i = 0; i < bits; i++) m = (m << 1) | this.bit(probs, offset + m)
    return m - (1 << bits)
  }

  reverse(probs: Uint16Array, offset: number, bits: number): number {
    let m = 1
    let symbol = 0
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(probs, offset + m)
      m = (m << 1) | bit
      symbol |= bit << i
    }
    return symbol
  }
}

const fresh = (size: number) => new Uint16Array(size).fill(1024)

class LengthDecoder {
  readonly #choice = fresh(2)
  readonly #low = fresh(16 << 3)
  readonly #mid = fresh(16 << 3)
  readonly #high = fresh(256)

  decode(range: RangeDecoder, posState: number): number {
    if (range.bit(this.#choice, 0) === 0) return range.tree(this.#low, posState << 3, 3)
    if (range.bit(this.#choice, 1) === 0) return 8 + range.tree(this.#mid, posState << 3, 3)
    return 16 + range.tree(this.#high, 0, 8)
  }
}

/** `properties`: the five bytes that go with the data. Throws when it is damaged, or `size` is more than `most`. */
export function unpackLzma(
  properties: Uint8Array,
  packed: Uint8Array,
  { size, most }: { readonly size: number; readonly most: number },
): Uint8Array {
  if (size > most || properties.length < 5) throw new Error('more than may be unpacked here')
  let code = properties[0] as number
  if (code >= 9 * 5 * 5) throw new Error('these are no properties of LZMA')
  const lc = code % 9
  code = Math.floor(code / 9)
  const lp = code % 5
  const pb = Math.floor(code / 5)
  const range = new RangeDecoder(packed)
  const out = new Uint8Array(size)
  const literals = fresh(0x300 << (lc + lp))
  const isMatch = fresh(STATES << 4)
  const isRep = fresh(STATES)
  const isRepG0 = fresh(STATES)
  const isRepG1 = fresh(STATES)
  const isRepG2 = fresh(STATES)
  const isRep0Long = fresh(STATES << 4)
  const posSlots = fresh(LEN_TO_POS << 6)
  const posDecoders = fresh(1 + FULL_DISTANCES - END_POS_MODEL)
  const align = fresh(1 << ALIGN_BITS)
  const lengths = new LengthDecoder()
  const repLengths = new LengthDecoder()
  let [rep0, rep1, rep2, rep3] = [0, 0, 0, 0]
  let state = 0
  let at = 0

  const distance = (length: number): number => {
    const lengthState = Math.min(length, LEN_TO_POS - 1)
    const slot = range.tree(posSlots, lengthState << 6, 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = ((2 | (slot & 1)) << bits) >>> 0
    if (slot < END_POS_MODEL) return base + range.reverse(posDecoders, base - slot, bits)
    return (
      base +
      range.direct(bits - ALIGN_BITS) * (1 << ALIGN_BITS) +
      range.reverse(align, 0, ALIGN_BITS)
    )
  }
  const literal = (): void => {
    const before = at > 0 ? (out[at - 1] as number) : 0
    const place = ((at & ((1 << lp) - 1)) << lc) + (before >> (8 - lc))
    const offset = 0x300 * place
    let symbol = 1
    if (state >= 7) {
      if (rep0 >= at) throw new Error('a distance before the beginning')
      let match = out[at - rep0 - 1] as number
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1
        match <<= 1
        const bit = range.bit(literals, offset + ((1 + matchBit) << 8) + symbol)
        symbol = (symbol << 1) | bit
        if (matchBit !== bit) break
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(literals, offset + symbol)
    out[at++] = symbol & 0xff
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
  }

  while (at < size) {
    const posState = at & ((1 << pb) - 1)
    if (range.bit(isMatch, (state << 4) + posState) === 0) {
      literal()
      continue
    }
    let length: number
    if (range.bit(isRep, state) === 0) {
      ;[rep3, rep2, rep1] = [rep2, rep1, rep0]
      length = lengths.decode(range, posState)
      state = state < 7 ? 7 : 10
      rep0 = distance(length)
      if (rep0 === 0xffffffff) break
    } else {
      if (range.bit(isRepG0, state) === 0) {
        if (range.bit(isRep0Long, (state << 4) + posState) === 0) {
          state = state < 7 ? 9 : 11
          if (rep0 >= at) throw new Error('a distance before the beginning')
          out[at] = out[at - rep0 - 1] as number
          at++
          continue
        }
      } else if (range.bit(isRepG1, state) === 0) {
        ;[rep0, rep1] = [rep1, rep0]
      } else if (range.bit(isRepG2, state) === 0) {
        ;[rep0, rep1, rep2] = [rep2, rep0, rep1]
      } else {
        ;[rep0, rep1, rep2, rep3] = [rep3, rep0, rep1, rep2]
      }
      length = repLengths.decode(range, posState)
      state = state < 7 ? 8 : 11
    }
    if (rep0 >= at) throw new Error('a distance before the beginning')
    const end = Math.min(size, at + length + MIN_MATCH)
    for (; at < end; at++) out[at] = out[at - rep0 - 1] as number
  }
  return out
}
