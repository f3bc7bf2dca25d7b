// Which wrong secrets were just said, so that the same one counts once: a device with an old password says it again and again, by PLAIN
// and then by LOGIN. It is looked at each time, because it may have become right, and for that reason not without end.

import { createHmac, randomBytes } from 'node:crypto'
import { MINUTE } from '../model/duration.ts'
import { failureCounts } from './failure-counts.ts'

/** Of one login and source: four devices, each with an old password of its own. */
const LAST = 4
/** Repetitions within the window that do not count; more of them do: four devices, twice a minute, and as many again. */
const FREE = 200
/** From the first wrong one on, as that of the budgets. */
const WINDOW = 15 * MINUTE
/** Logins and sources; the oldest make room, and what they repeat counts again. 50,000 of them take 20 MB. */
const ROOM = 50_000

export type WrongSecrets = {
  /** Whether a secret that was just found wrong was said before, and counted. */
  isRepeated(said: SaidSecret): boolean
}

export type SaidSecret = {
  /** What the secret is of, and from where it was said. */
  readonly place: string
  readonly secret: string
  /** The place or network whose repetitions are bounded together. */
  readonly from: string
}

export type WrongSecretsSettings = {
  /** In ms, and never backwards. */
  readonly now: () => number
  /** Keys that are remembered, `ROOM` by default. */
  readonly room?: number
}

type WrongSecretsOfAccount = { readonly since: number; last: readonly string[] }

export function wrongSecrets({ now, room = ROOM }: WrongSecretsSettings): WrongSecrets {
  // A later reader of this memory learns no password by comparing, without the key.
  const key = randomBytes(32)
  /** In the order of `since`. */
  const entries = new Map<string, WrongSecretsOfAccount>()
  const repeated = failureCounts({ now, window: WINDOW, room })
  const current = (place: string): WrongSecretsOfAccount => {
    const known = entries.get(place)
    if (known && now() - known.since < WINDOW) return known
    entries.delete(place)
    const [oldest] = entries.keys()
    if (entries.size >= room && oldest !== undefined) entries.delete(oldest)
    const fresh = { since: now(), last: [] }
    entries.set(place, fresh)
    return fresh
  }
  return {
    isRepeated: ({ place, secret, from }) => {
      const entry = current(place)
      const tag = createHmac('sha256', key).update(`${place}\0${secret}`).digest('base64')
      if (!entry.last.includes(tag)) {
        entry.last = [tag, ...entry.last].slice(0, LAST)
        return false
      }
      if (repeated.of(from) >= FREE) return false
      repeated.add(from)
      return true
    },
  }
}
