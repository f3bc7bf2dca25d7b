// Stores somewhere else: a call arrives when the test says so, and so does its answer, in whichever order the test likes.

import { setImmediate as turn } from 'node:timers/promises'
import type { Counters } from '../../src/ports/counters.ts'
import type { Ledger } from '../../src/ports/ledger.ts'

export class Gate {
  #open = true
  readonly #waiting: { readonly what: string; readonly go: () => void }[] = []
  /** Calls that went through, by what they were. */
  readonly passed: string[] = []

  /** Waits for the test, while it is shut. */
  async pass(what: string): Promise<void> {
    if (!this.#open) await new Promise<void>(go => this.#waiting.push({ what, go }))
    this.passed.push(what)
  }

  get waiting(): number {
    return this.#waiting.length
  }

  shut(): void {
    this.#open = false
  }

  /** Lets one go on: the first, or the one that was drawn. */
  letGo(drawn = 0): void {
    this.#waiting.splice(drawn % Math.max(1, this.#waiting.length), 1)[0]?.go()
  }

  /** Lets all others go on, until only one of these waits. */
  async hold(what: string): Promise<void> {
    await this.quiet()
    for (;;) {
      const other = this.#waiting.findIndex(one => one.what !== what)
      if (other < 0) return
      this.letGo(other)
      await this.quiet()
    }
  }

  /** Who waits goes on waiting; whoever comes from now on does not. */
  openForOthers(): void {
    this.#open = true
  }

  open(): void {
    this.#open = true
    while (this.#waiting.length > 0) this.letGo()
  }

  /** Resolves when everything goes on waiting, or there is nothing left to do. */
  async quiet(): Promise<void> {
    for (let same = 0, before = -1; same < 5; same++) {
      await turn()
      const now = this.#waiting.length + this.passed.length
      if (now !== before) same = 0
      before = now
    }
  }
}

export const gatedCounters = (inner: Counters, gate: Gate): Counters => ({
  apply: async batch => {
    await gate.pass(batch.once === undefined ? 'counters' : 'evidence')
    const counted = await inner.apply(batch)
    await gate.pass('counted')
    return counted
  },
})

export const gatedLedger = (inner: Ledger, gate: Gate): Ledger => ({
  ...inner,
  cases: {
    ...inner.cases,
    saveCase: async change => {
      await gate.pass('case')
      const answer = await inner.cases.saveCase(change)
      await gate.pass(answer)
      return answer
    },
  },
})
