// Looks after the rules and fixed sets of a router's table, beside the sets that Cordon fills: whether they stand, since when not, and what
// an operator should know of it.

import { MINUTE } from '../../../model/duration.ts'
import type { NetworkStatus } from '../../../ports/reading.ts'
import type { OwnTable, TableListing, TableState } from './own-table.ts'

/** What was loaded again is said for so long (ms): another program took it out, and may do so again. */
const SAID_FOR = 15 * MINUTE

export class TableGuard {
  readonly #table: Pick<OwnTable, 'look' | 'isOurs' | 'whole'>
  readonly #now: () => number
  #state: TableState = {}
  /** The table that was there when it was last seen is the one that this configuration prints. */
  #wasOurs = false
  #watched: readonly string[] = []
  #failure: string | undefined
  #repaired: { readonly gone: string; readonly at: number; readonly times: number } | undefined

  constructor(table: Pick<OwnTable, 'look' | 'isOurs' | 'whole'>, now: () => number) {
    this.#table = table
    this.#now = now
  }

  look(listing: TableListing): void {
    this.#state = this.#table.look(listing)
    this.#wasOurs = this.#table.isOurs(listing)
    if (this.#state.gone === undefined) this.#failure = undefined
  }

  /**
   * There is no table at all. One that Cordon has not seen is not loaded: to close port 25 by prefix is for the operator to begin, and one of
   * another print is not ours to load.
   */
  missing(): void {
    const gone = 'the table was not there'
    this.#state = this.#wasOurs ? { gone, script: this.#table.whole(this.#watched) } : { gone }
  }

  /** Prefixes whose port 25 is open and logged in a table that is loaded again. */
  watches(prefixes: readonly string[]): void {
    this.#watched = prefixes
  }

  /** Why what stands in the sets may do nothing. */
  get doubt(): string | undefined {
    return this.#state.gone
  }

  /** Loads what is gone again. */
  get script(): string | undefined {
    return this.#state.script
  }

  repaired(): void {
    const { gone = '' } = this.#state
    this.#repaired = { gone, at: this.#now(), times: (this.#lately?.times ?? 0) + 1 }
    this.#state = {}
    this.#failure = undefined
  }

  failed(words: string): void {
    this.#failure = words
  }

  worries(about: string): NetworkStatus['worries'] {
    const { gone, strange } = this.#state
    const lately = this.#lately
    const found = (what: string, words: string) => [{ what, about, words }]
    const failure = this.#failure === undefined ? '' : `; loading them failed: ${this.#failure}`
    return [
      ...(gone === undefined ? [] : found('rules gone', `${gone}${failure}`)),
      ...(gone === undefined && lately
        ? found(
            'rules loaded again',
            `another program changed them ${lately.times === 1 ? 'once' : `${lately.times} times`}, last before ${new Date(lately.at).toISOString().slice(0, 19)}Z: ${lately.gone}`,
          )
        : []),
      ...(strange === undefined ? [] : found('table differs', strange)),
    ]
  }

  get #lately() {
    const last = this.#repaired
    return last && this.#now() - last.at <= SAID_FOR ? last : undefined
  }
}
