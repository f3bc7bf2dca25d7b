// Entries of the event index: a word and the number of the piece that has it, as one whole number under 2^53, so that sorted entries of a
// word lie side by side.

import { fnv1a } from '../../model/fnv-1a.ts'

/** How the index knows a word: a whole number under 2^32. */
export const indexWord = (word: string): number => fnv1a(word)

/** Pieces of one hour: of 64 KB or more each, so 137 GB of lines. */
export const MOST_PIECES = 2 ** 21

type NumberedPiece = { readonly piece: number; readonly words: Float64Array }

/** From the first that a word can have to the last. */
export type EntryRange = { readonly low: number; readonly high: number }

export function entriesOf(pieces: readonly NumberedPiece[]): Float64Array {
  const entries = new Float64Array(pieces.reduce((sum, { words }) => sum + words.length, 0))
  let n = 0
  for (const { piece, words } of pieces)
    for (const word of words) entries[n++] = word * MOST_PIECES + piece
  return entries
}

export const rangeOf = (word: number): EntryRange => ({
  low: word * MOST_PIECES,
  high: word * MOST_PIECES + MOST_PIECES - 1,
})

export const pieceOf = (entry: number): number => entry % MOST_PIECES

/** In their order, each once, in the place of what was given. */
export function distinctSorted(entries: Float64Array): Float64Array {
  entries.sort()
  let n = 0
  for (const entry of entries) if (n === 0 || entries[n - 1] !== entry) entries[n++] = entry
  return entries.subarray(0, n)
}

/** Of sorted entries those of the range. */
export function withinRange(entries: Float64Array, { low, high }: EntryRange): Float64Array {
  return entries.subarray(firstFrom(entries, low), firstFrom(entries, high + 1))
}

/** Where the first that is not below `least` stands. */
function firstFrom(entries: Float64Array, least: number): number {
  let [from, to] = [0, entries.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((entries[middle] as number) < least) from = middle + 1
    else to = middle
  }
  return from
}
