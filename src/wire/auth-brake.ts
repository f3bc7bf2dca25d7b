// Slows down guessing: failed logins per network and login, forgotten with time. Bounded; asked before a password
// is ever hashed. Somebody who mistypes ten times is not stopped; somebody who tries a dictionary is.

import { MINUTE } from '../model/duration.ts'

/** Failures forgiven in a quarter of an hour. A person with a new password and three devices stays below it. */
const TOLERATED = 15
const WINDOW = 15 * MINUTE
const MAX_ENTRIES = 50_000

export type AuthBrake = {
  /** True when this source has failed too often with this login to be heard now. */
  stops(source: string, login: string): boolean
  failed(source: string, login: string): void
  succeeded(source: string, login: string): void
}

export function authBrake(now: () => number): AuthBrake {
  const failures = new Map<string, { count: number; since: number }>()
  const keyOf = (source: string, login: string) => `${source} ${login.toLowerCase()}`
  const current = (key: string) => {
    const entry = failures.get(key)
    if (entry && now() - entry.since > WINDOW) failures.delete(key)
    return failures.get(key)
  }
  return {
    stops: (source, login) => (current(keyOf(source, login))?.count ?? 0) >= TOLERATED,
    failed: (source, login) => {
      const key = keyOf(source, login)
      const entry = current(key) ?? { count: 0, since: now() }
      entry.count++
      // The oldest entry makes room: a Map remembers the order of insertion.
      if (failures.size >= MAX_ENTRIES && !failures.has(key))
        failures.delete(failures.keys().next().value as string)
      failures.set(key, entry)
    },
    succeeded: (source, login) => void failures.delete(keyOf(source, login)),
  }
}
