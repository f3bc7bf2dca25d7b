// The run of a chore that sends the reports of past days (RFC 8460, RFC 9990): each when it is due, some at a time, and what cannot be sent now
// an hour later. One that stays too old is given up, and that is told.

import { HOUR } from '../model/duration.ts'
import { atMost } from './at-most.ts'
import { dueAt } from './report-day.ts'

/** `key`: of all that is reported to this domain of this day. */
export type DayOfDomain = { readonly key: string; readonly day: string; readonly domain: string }

/** Domains whose DNS is asked; some do not answer for long. */
const AT_ONCE = 20
/** Runs in which it was too old: a clock that is ahead for a moment loses nothing. */
const RUNS_LOST = 30

/** What is known from run to run; of this program alone. */
export class DueReports {
  /** When those are tried again that could not be sent. */
  readonly #again = new Map<string, number>()
  readonly #lost = new Map<string, number>()

  /** What is thrown for one is told, and holds up no other. */
  async run<T extends DayOfDomain>(
    all: readonly T[],
    at: number,
    how: {
      /** Its name in the log. */
      readonly about: string
      /** `later`: it could not be sent now. */
      readonly send: (one: T) => Promise<'later' | undefined>
      readonly forget: (one: T) => Promise<unknown>
      readonly trouble: (error: unknown, about: string) => void
    },
  ): Promise<void> {
    const { about, forget, trouble } = how
    const send = atMost(AT_ONCE, how.send)
    const done = all.map(async one => {
      const due = dueAt(one.day, one.domain, at)
      if (due === undefined) {
        if (!this.#staysLost(one)) return
        trouble(new Error(`the report of ${one.day} to ${one.domain} is given up`), about)
      } else {
        this.#lost.delete(one.key)
        if (at < Math.max(due, this.#again.get(one.key) ?? 0)) return
        this.#again.set(one.key, at + HOUR)
        if ((await send(one)) === 'later') return
      }
      await forget(one)
      this.#again.delete(one.key)
      this.#lost.delete(one.key)
    })
    for (const result of await Promise.allSettled(done))
      if (result.status === 'rejected') trouble(result.reason, about)
  }

  #staysLost({ key }: DayOfDomain): boolean {
    const runs = (this.#lost.get(key) ?? 0) + 1
    this.#lost.set(key, runs)
    return runs >= RUNS_LOST
  }
}
