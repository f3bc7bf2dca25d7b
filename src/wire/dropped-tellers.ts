// Those whose packets are of no use, or of less than they seem: a wrong secret, an address that stands nowhere. A port that the whole network can
// reach hears much, so one packet says nothing yet, and few senders are kept.

import { HOUR, SECOND } from '../model/duration.ts'
import type { Worry } from './sensor.ts'

type Dropped = Worry & { times: number; readonly since: number; at: number; sure: boolean }

const MOST = 100
/** What came for so long (ms) is no accident. */
const LASTS = 5 * SECOND

export class DroppedTellers {
  readonly #all = new Map<string, Dropped>()

  /** Once is enough where it is `sure`. */
  note(worry: Worry, at: number, { sure = false }: { readonly sure?: boolean } = {}): void {
    const key = `${worry.what} ${worry.about}`
    const before = this.#all.get(key)
    const isOld = before && at - before.at > HOUR
    this.#all.delete(key)
    if (before && !isOld) {
      before.times++
      before.at = at
    }
    this.#all.set(key, before && !isOld ? before : { ...worry, times: 1, since: at, at, sure })
    if (this.#all.size <= MOST) return
    for (const first of this.#all.keys()) {
      this.#all.delete(first)
      break
    }
  }

  /** Of the last hour. */
  worries(now: number): Worry[] {
    return [...this.#all.values()]
      .filter(
        ({ at, since, times, sure }) =>
          now - at <= HOUR && (sure || (times > 1 && at - since >= LASTS)),
      )
      .map(({ what, about, words, times }) => ({
        what,
        about,
        words: `${words} (${times} times)`,
      }))
  }
}
