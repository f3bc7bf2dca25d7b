// Where some signs stand in a text, so that the next one behind any place is found without looking through the text again.

export class Marks {
  readonly #places: readonly number[]
  readonly #end: number

  /** `places`: in order. */
  constructor(places: readonly number[], end: number) {
    this.#places = places
    this.#end = end
  }

  /** The first at `from` or behind it; the end of the text where there is none. */
  next(from: number): number {
    return this.#places[this.#first(from)] ?? this.#end
  }

  /** The last in front of `to`; -1 where there is none. */
  before(to: number): number {
    return this.#places[this.#first(to) - 1] ?? -1
  }

  /** The first `most` of them. */
  several(from: number, most: number): readonly number[] {
    const first = this.#first(from)
    return this.#places.slice(first, first + most)
  }

  #first(from: number): number {
    let low = 0
    let high = this.#places.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#places[middle] as number) < from) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Signs of one byte each: asked of a table, many times faster than a search for each of them. */
export type Signs = Uint8Array

export const signs = (one: RegExp): Signs =>
  Uint8Array.from({ length: 256 }, (_, code) => (one.test(String.fromCharCode(code)) ? 1 : 0))

/** `text`: one character a byte. */
export function placesOf(text: string, wanted: Signs): readonly number[] {
  const places: number[] = []
  for (let at = 0; at < text.length; at++) if (wanted[text.charCodeAt(at)] === 1) places.push(at)
  return places
}
