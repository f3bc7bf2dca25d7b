// The next destination: mail waits in a queue of its own for each destination, and destinations take turns, so that a slow one
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
  readonly #queues = new Map<string, DestinationQueue<J>>()
  #active = 0
  #waiting = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  replace(limits: Limits): void {
    this.#limits = limits
    for (const queue of this.#queues.values())
      queue.room = Math.min(queue.room, limits.perDestination)
  }

  get active(): number {
    return this.#active
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Destinations that are remembered. */
  get known(): number {
    return this.#queues.size
  }

  /** Until when a destination is left alone, and why; undefined when it may be asked. */
  silent(destination: string, at: number): { until: number; why: string } | undefined {
    const queue = this.#queues.get(destination)
    return queue && queue.silentUntil > at
      ? { until: queue.silentUntil, why: queue.why }
      : undefined
  }

  offer(destination: string, job: J, at: number): void {
    this.#queue(destination, at).waiting.push(job)
    this.#waiting++
  }

  /** The next job that may begin now. It counts as under way until `ended`. */
  next(): { destination: string; job: J } | undefined {
    if (this.#active >= this.#limits.atOnce) return undefined
    for (const [destination, queue] of this.#queues) {
      if (queue.active >= Math.floor(queue.room)) continue
      const job = queue.waiting.shift()
      if (job === undefined) continue
      queue.active++
      this.#active++
      this.#waiting--
      // To the end of the round.
      this.#queues.delete(destination)
      this.#queues.set(destination, queue)
      return { destination, job }
    }
    return undefined
  }

  /** A job is over. `answered` is false when no server was there to take or refuse the mail. */
  ended(destination: string, outcome: { answered: boolean; at: number; why: string }): void {
    const queue = this.#queue(destination, outcome.at)
    queue.active--
    this.#active--
    if (outcome.answered) {
      queue.failures = 0
      queue.lastAnswer = outcome.at
      queue.room = Math.min(this.#limits.perDestination, queue.room + 1 / queue.room)
    } else {
      queue.failures++
      queue.room = Math.max(1, queue.room / 2)
      queue.why = outcome.why
      if (queue.failures >= PATIENCE) {
        const times = 2 ** Math.min(10, queue.failures - PATIENCE)
        queue.silentUntil = outcome.at + Math.min(LONGEST_SILENCE, FIRST_SILENCE * times)
      }
    }
    this.#forget(destination, queue, outcome.at)
  }

  /** A destination for which more than `share` wait although it has answered nothing for a while. */
  stuck(share: number, at: number): string | undefined {
    for (const [destination, { waiting, lastAnswer }] of this.#queues)
      if (waiting.length > share && at - lastAnswer > STUCK) return destination
    return undefined
  }

  /** Every destination may be asked again at once. */
  forgive(): void {
    for (const queue of this.#queues.values()) queue.silentUntil = 0
  }

  /** Everything that waits, whatever for. */
  drainAll(): J[] {
    return [...this.#queues.keys()].flatMap(destination => this.drain(destination))
  }

  /** Takes back everything that waits for a destination. */
  drain(destination: string): J[] {
    const queue = this.#queues.get(destination)
    if (!queue) return []
    this.#waiting -= queue.waiting.length
    return queue.waiting.splice(0)
  }

  #queue(destination: string, at: number): DestinationQueue<J> {
    const known = this.#queues.get(destination)
    if (known) return known
    const room = Math.min(FIRST_ROOM, this.#limits.perDestination)
    const queue = {
      waiting: [],
      active: 0,
      room,
      lastAnswer: at,
      failures: 0,
      silentUntil: 0,
      why: '',
    }
    this.#queues.set(destination, queue)
    return queue
  }

  #forget(destination: string, queue: DestinationQueue<J>, at: number): void {
    if (queue.active > 0 || queue.waiting.length > 0) return
    if (queue.failures === 0) this.#queues.delete(destination)
    if (this.#queues.size <= MAX_REMEMBERED) return
    for (const [name, other] of this.#queues) {
      if (other.active === 0 && other.waiting.length === 0 && other.silentUntil <= at)
        this.#queues.delete(name)
    }
  }
}
