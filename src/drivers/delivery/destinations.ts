// The next destination: mail waits in a line of its own for each destination, and destinations take turns, so that a slow one
// takes only its own places. How many connections a destination gets grows while it takes mail and halves when
// it does not answer; one that keeps silent is left alone for a while. No clock, no socket.

import { HOUR, MINUTE, SECOND } from '../../model/duration.ts'

export type Limits = {
  /** Jobs under way, all together: `delivery.atOnce`, 100 by default, 1 to 10,000. */
  readonly atOnce: number
  /** Under way to one destination: `delivery.perDestination`, 20 by default, 1 to 10,000. */
  readonly perDestination: number
}

type DestinationQueue<J> = {
  readonly waiting: J[]
  active: number
  /** How many may be under way; grows by one for every so many that went well. */
  room: number
  /** When it took or refused something last, or when its first mail came. */
  lastAnswer: number
  /** Jobs in a row without an answer. */
  failures: number
  silentUntil: number
  /** Its last answer, or why it gave none. */
  why: string
}

/** A destination that is not known yet gets this many at once. */
const FIRST_ROOM = 2
/** Nothing taken and nothing refused for so long. */
const STUCK = 10 * SECOND
/** After so many jobs without an answer a destination is left alone. */
const PATIENCE = 3
const FIRST_SILENCE = 5 * MINUTE
const LONGEST_SILENCE = HOUR
/** Silent destinations that are remembered without mail waiting for them. */
const MAX_REMEMBERED = 10_000

export class Destinations<J> {
  #limits: Limits
  /** Destinations in the order of their turns. */
  readonly #lines = new Map<string, DestinationQueue<J>>()
  #active = 0
  #waiting = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  replace(limits: Limits): void {
    this.#limits = limits
    for (const line of this.#lines.values()) line.room = Math.min(line.room, limits.perDestination)
  }

  get active(): number {
    return this.#active
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Destinations that are remembered. */
  get known(): number {
    return this.#lines.size
  }

  /** Until when a destination is left alone, and why; undefined when it may be asked. */
  silent(destination: string, at: number): { until: number; why: string } | undefined {
    const line = this.#lines.get(destination)
    return line && line.silentUntil > at ? { until: line.silentUntil, why: line.why } : undefined
  }

  offer(destination: string, job: J, at: number): void {
    this.#line(destination, at).waiting.push(job)
    this.#waiting++
  }

  /** The next job that may begin now. It counts as under way until `ended`. */
  next(): { destination: string; job: J } | undefined {
    if (this.#active >= this.#limits.atOnce) return undefined
    for (const [destination, line] of this.#lines) {
      if (line.active >= Math.floor(line.room)) continue
      const job = line.waiting.shift()
      if (job === undefined) continue
      line.active++
      this.#active++
      this.#waiting--
      // To the end of the round.
      this.#lines.delete(destination)
      this.#lines.set(destination, line)
      return { destination, job }
    }
    return undefined
  }

  /** A job is over. `answered` is false when no server was there to take or refuse the mail. */
  ended(destination: string, outcome: { answered: boolean; at: number; why: string }): void {
    const line = this.#line(destination, outcome.at)
    line.active--
    this.#active--
    if (outcome.answered) {
      line.failures = 0
      line.lastAnswer = outcome.at
      line.room = Math.min(this.#limits.perDestination, line.room + 1 / line.room)
    } else {
      line.failures++
      line.room = Math.max(1, line.room / 2)
      line.why = outcome.why
      if (line.failures >= PATIENCE) {
        const times = 2 ** Math.min(10, line.failures - PATIENCE)
        line.silentUntil = outcome.at + Math.min(LONGEST_SILENCE, FIRST_SILENCE * times)
      }
    }
    this.#forget(destination, line, outcome.at)
  }

  /** A destination for which more than `share` wait although it has answered nothing for a while. */
  stuck(share: number, at: number): string | undefined {
    for (const [destination, { waiting, lastAnswer }] of this.#lines)
      if (waiting.length > share && at - lastAnswer > STUCK) return destination
    return undefined
  }

  /** Every destination may be asked again at once. */
  forgive(): void {
    for (const line of this.#lines.values()) line.silentUntil = 0
  }

  /** Everything that waits, whatever for. */
  drainAll(): J[] {
    return [...this.#lines.keys()].flatMap(destination => this.drain(destination))
  }

  /** Takes back everything that waits for a destination. */
  drain(destination: string): J[] {
    const line = this.#lines.get(destination)
    if (!line) return []
    this.#waiting -= line.waiting.length
    return line.waiting.splice(0)
  }

  #line(destination: string, at: number): DestinationQueue<J> {
    const known = this.#lines.get(destination)
    if (known) return known
    const room = Math.min(FIRST_ROOM, this.#limits.perDestination)
    const line = {
      waiting: [],
      active: 0,
      room,
      lastAnswer: at,
      failures: 0,
      silentUntil: 0,
      why: '',
    }
    this.#lines.set(destination, line)
    return line
  }

  #forget(destination: string, line: DestinationQueue<J>, at: number): void {
    if (line.active > 0 || line.waiting.length > 0) return
    if (line.failures === 0) this.#lines.delete(destination)
    if (this.#lines.size <= MAX_REMEMBERED) return
    for (const [name, other] of this.#lines) {
      if (other.active === 0 && other.waiting.length === 0 && other.silentUntil <= at)
        this.#lines.delete(name)
    }
  }
}
