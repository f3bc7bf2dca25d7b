// When the last attempt of a stranger was wrong, by surroundings (/16, /32): no time, but the how-manieth wrong attempt of all it was. What
// a network says that guessed before does not count for its neighbours that have not: so no guesser puts a whole carrier behind others.

import type { Surroundings } from '../ports/credentials.ts'

/** Networks with so many wrong attempts, or more, are alike. */
export const MANY = 3
/** Some 15 MB; all /16 of IPv4 are 56,000. When it is full, the one seen longest ago makes room. */
const ROOM = 50_000

export type LastWrong = {
  /** Lives on: it tells how it is, not how it was. */
  of(surroundings: string): Surroundings
  /** `before`: wrong attempts of that network until then. */
  add(surroundings: string, before: number): void
  /** Of all surroundings. */
  readonly count: number
}

type Place = { guessers: number; since: number; last: number; readonly lastBefore: number[] }

export function lastWrong({
  now,
  window,
  room = ROOM,
}: {
  /** In ms, and never backwards. */
  readonly now: () => number
  /** Guessers are forgotten all together, so long after the first of them. */
  readonly window: number
  readonly room?: number
}): LastWrong {
  const places = new Map<string, Place>()
  let count = 0
  const placeOf = (name: string): Place => {
    const place = places.get(name) ?? {
      guessers: 0,
      since: now(),
      last: 0,
      lastBefore: Array.from({ length: MANY + 1 }, () => 0),
    }
    if (now() - place.since >= window) place.guessers = 0
    places.delete(name)
    places.set(name, place)
    const [oldest] = places.keys()
    if (places.size > room && oldest !== undefined) places.delete(oldest)
    return place
  }
  return {
    of: placeOf,
    add: (name, before) => {
      const place = placeOf(name)
      if (place.guessers === 0) place.since = now()
      if (before === 0) place.guessers++
      place.last = ++count
      place.lastBefore[Math.min(before, MANY)] = count
    },
    get count() {
      return count
    },
  }
}
