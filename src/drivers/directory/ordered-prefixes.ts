// IPv6 prefixes in their order, so that those inside another one are found without looking at all there are: a /56 may have any of 2^72
// addresses in it. In pieces of bounded length, because what is put into one long array moves all that stands behind it.

/** A piece that grows beyond this is cut into two. */
const MOST = 512
/** Room for a length (0 to 128) behind an address. */
const LENGTH = 8n

export class OrderedPrefixes {
  readonly #pieces: bigint[][] = []

  /** Once for each prefix. */
  add(value: bigint, bits: number): void {
    const key = (value << LENGTH) | BigInt(bits)
    const at = Math.max(0, this.#pieceOf(key))
    const piece = this.#pieces[at]
    if (!piece) return void this.#pieces.push([key])
    piece.splice(firstFrom(piece, key), 0, key)
    if (piece.length > MOST) this.#pieces.splice(at + 1, 0, piece.splice(MOST / 2))
    return undefined
  }

  /** Those that begin from this address on, and before that one. */
  *between(
    first: bigint,
    end: bigint,
  ): Iterable<{ readonly value: bigint; readonly bits: number }> {
    const [from, to] = [first << LENGTH, end << LENGTH]
    for (let at = Math.max(0, this.#pieceOf(from)); at < this.#pieces.length; at++) {
      const piece = this.#pieces[at] ?? []
      for (let i = firstFrom(piece, from); i < piece.length; i++) {
        const key = piece[i] as bigint
        if (key >= to) return
        yield { value: key >> LENGTH, bits: Number(key & 255n) }
      }
    }
  }

  /** The last piece that begins at this key or before; -1 where none does. */
  #pieceOf(key: bigint): number {
    let [low, high] = [0, this.#pieces.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#pieces[middle]?.[0] as bigint) <= key) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

/** Where the first stands that is not before this key. */
function firstFrom(piece: readonly bigint[], key: bigint): number {
  let [low, high] = [0, piece.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((piece[middle] as bigint) < key) low = middle + 1
    else high = middle
  }
  return low
}
