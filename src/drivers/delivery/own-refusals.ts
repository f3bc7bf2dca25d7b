// Which addresses refuse mail of Cordon's own now, as their servers last said: an operator whose address is refused hears of nothing by mail.

import { HOUR } from '../../model/duration.ts'

/** A refusal of our own users' mailboxes is tried again every four hours; one that is not repeated by then was purged. */
const STANDS_FOR = 5 * HOUR
/** Addresses that are remembered; a further one is not. */
const MOST = 10_000

export type OwnRefusals = {
  refused(address: string, words: string, at: number): void
  taken(address: string): void
  /** What `address` answered, in words; undefined: it refuses nothing. */
  of(address: string, at: number): string | undefined
}

export function ownRefusals(): OwnRefusals {
  const known = new Map<string, { readonly words: string; readonly at: number }>()
  return {
    refused: (address, words, at) => {
      const key = address.toLowerCase()
      if (known.size < MOST || known.has(key)) known.set(key, { words, at })
    },
    taken: address => void known.delete(address.toLowerCase()),
    of: (address, at) => {
      const found = known.get(address.toLowerCase())
      // Also one of a clock that was ahead.
      return found && Math.abs(at - found.at) <= STANDS_FOR ? found.words : undefined
    },
  }
}
