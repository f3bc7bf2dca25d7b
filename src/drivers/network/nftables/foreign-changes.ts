// What `nft monitor` prints, and whether another program changed the table: each transaction ends with a line of its generation; those that
// are more than our own runs of nft are another program's; so each of ours must make one, also where there is nothing to change. It may be wrong in one direction only: it looks once too often.

import { TABLE } from './base-table.ts'

const OURS = new RegExp(` inet ${TABLE}(?: |$)`)
const GENERATION = /^# new generation /

export class ForeignChanges {
  /** Runs of ours whose generation has not been printed. */
  #ours = 0
  #touchesUs = false
  /** Lines of a generation that were heard. */
  generations = 0

  began(): void {
    this.#ours++
  }

  /** Nothing was changed, as far as nft told: where it was, its generation looks like another program's. */
  failed(): void {
    this.#ours = Math.max(0, this.#ours - 1)
  }

  /** Nothing is known of what was before. */
  reset(): void {
    this.#ours = 0
    this.#touchesUs = false
  }

  /** True when another program has changed the table. */
  hear(line: string): boolean {
    if (!GENERATION.test(line)) {
      this.#touchesUs ||= OURS.test(line)
      return false
    }
    this.generations++
    const isForeign = this.#ours === 0 && this.#touchesUs
    this.#ours = Math.max(0, this.#ours - 1)
    this.#touchesUs = false
    return isForeign
  }
}
