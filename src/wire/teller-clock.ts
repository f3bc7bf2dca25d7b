// The clock of one teller (an access server, an exporter, a router that logs) against ours, learned from the stamps on what it tells and
// from when that arrived. Nothing arrives before it happened, so the least of `arrival - stamp` is the most that its clock can be
// behind. What came later than that was under way, or its clock has jumped back: until several packets agree, it cannot be told which.
// Pure: no clock of its own.

import { DAY, HOUR, MINUTE, SECOND } from '../model/duration.ts'

/** When something happened, in our time. */
export type Moment = {
  /** The latest time that it can have happened, if the clock is as it was learned. Never after its arrival. */
  readonly at: number
  /** It may have happened earlier by so much (ms): how far the clock is off is not settled. */
  readonly skew: number
  /** It arrived later than others by so much (ms), and was under way so long, or its clock is wrong since. 0: in time. */
  readonly late: number
}

/** When something was seen, for the record: at the latest, and since when it may have been where that is not known exactly. */
export type SeenAt = { readonly at: number; readonly since?: number }

export function seenAt({ at, skew, late }: Moment, arrival: number): SeenAt {
  if (skew === 0 && late === 0) return { at }
  return { at: late > 0 ? arrival : at, since: at - skew }
}

/** A clock jumped, or is seen to be off: how much (ms) it was behind ours before, and is now. Negative: ahead. */
export type ClockJump = { readonly before: number | undefined; readonly now: number }

/** Readings that lie closer together count as one: stamps have whole seconds, networks and disks delay. */
export const SAME_CLOCK = 5 * SECOND
/** ms. A correct clock's first reading is at most this late: stamps have whole seconds, and a packet travels. */
const RIGHT = 1500
/** ms. Readings this close together agree. */
const STEADY = 2 * SECOND
/** The first packet of a clock that is wrong may have been under way so long. */
export const FIRST_LATE = 2 * MINUTE
/** How many readings must agree, fewer may be chance, and over how long they must be spread: what waited in one queue comes at once. */
const AGREE = [{ count: 3, apart: 10 * SECOND }]
/** Where all are late by less than FIRST_LATE: a queue that grows no longer makes them late by the same, too, but not for long where little comes. */
const AGREE_LATE = [
  { count: 10, apart: FIRST_LATE },
  { count: 3, apart: 5 * MINUTE },
]
/** A bad clock drifts by so much in a second (18 s an hour), and readings that do agree. A queue that grows does so faster. */
const DRIFT = 0.005
/** A clock that says an earlier date was never set. */
const NEVER_SET = Date.UTC(2020, 0, 1)
/** Readings count for so long, in so many parts: a clock that drifts is followed. */
const PART = 10 * MINUTE
const KEPT = HOUR / PART

/** Readings that may mean that a clock is off by as much as the least of the last few. */
type Run = {
  readonly first: number
  readonly least: number
  readonly recent: readonly number[]
  readonly count: number
  readonly since: number
}
const RECENT = 3

export class TellerClock {
  /** How much it is behind ours (ms); undefined before the first stamp. */
  offset: number | undefined
  /** The offset is known, and not only bounded. */
  settled = false
  heardAt = 0
  /** What came later than others did last, by how much (ms) and when. */
  late: { readonly by: number; readonly at: number } | undefined
  readonly #parts: { readonly since: number; least: number }[] = []
  #run: Run | undefined
  /** While it is not settled: how much earlier (ms) an event may have happened. */
  #unsure = 0
  /** It became another clock. */
  #changed = false
  /** The alarm was raised. */
  #said = false
  readonly #jumped: (jump: ClockJump) => void
  readonly #isSettled: (offset: number) => void

  /** `settled`: is told when the offset becomes known. */
  constructor(
    jumped: (jump: ClockJump) => void = () => undefined,
    settled: (offset: number) => void = () => undefined,
  ) {
    this.#jumped = jumped
    this.#isSettled = settled
  }

  /** What was known of it before a restart, `since` then. */
  restore(offset: number, since: number): void {
    this.#begin(offset, since)
    this.settled = true
    this.heardAt = since
  }

  /** It became another clock, and how far that one is off is not known yet. */
  get isDoubtful(): boolean {
    return this.#changed && !this.settled
  }

  /** Its sender began anew, when it stamped this: its clock may be another one since. */
  hearAnew(stamp: number, arrival: number): Moment {
    const delay = arrival - stamp
    const { offset: before } = this
    if (before !== undefined && Math.abs(delay - before) > SAME_CLOCK) {
      this.#first(delay, { arrival, unset: stamp < NEVER_SET })
      this.#changed = true
    }
    return this.hear(stamp, arrival)
  }

  /** When an event with this stamp, which arrived then, happened. */
  hear(stamp: number, arrival: number): Moment {
    const delay = arrival - stamp
    const { settled } = this
    this.heardAt = arrival
    const { offset: before } = this
    const unset = stamp < NEVER_SET
    if (before === undefined) this.#first(delay, { arrival, unset })
    // A delay cannot make a clock look ahead of its own past; and nothing is under way for years.
    else if (delay < before - SAME_CLOCK) this.#ahead(delay, arrival)
    else if (unset && delay > before + DAY) this.#jump(delay, arrival, FIRST_LATE)
    else if (delay > before + SAME_CLOCK) {
      // What waited in a queue is late by ever less; after a jump of the clock everything is late by the same.
      const isQueue = delay - before < FIRST_LATE
      const agreed = this.#agree(delay, arrival, isQueue ? AGREE_LATE : AGREE)
      if (agreed !== undefined) this.#jump(agreed, arrival, 0)
    } else this.#inTime(delay, arrival)
    if (this.settled && !settled) this.#isSettled(this.offset as number)
    return this.#moment(stamp, arrival)
  }

  /** The same, where there is nothing to learn of the clock, which was heard before. */
  know(stamp: number, arrival: number): Moment {
    this.heardAt = arrival
    return this.#moment(stamp, arrival)
  }

  #moment(stamp: number, arrival: number): Moment {
    const delay = arrival - stamp
    const { offset = delay } = this
    const late = delay - offset > SAME_CLOCK ? delay - offset : 0
    if (late > 0) this.late = { by: late, at: arrival }
    return {
      at: Math.min(arrival, stamp + offset),
      skew: this.settled ? 0 : this.#unsure,
      late,
    }
  }

  #first(delay: number, { arrival, unset }: { arrival: number; unset: boolean }): void {
    this.#begin(delay, arrival)
    this.settled = Math.abs(delay) <= RIGHT
    // A slow clock looks like a right one whose packet was late; a clock that is ahead or was never set is wrong in any case.
    const wrong = unset || delay < -RIGHT
    this.#unsure = wrong ? FIRST_LATE : Math.min(DAY, delay)
    if (wrong && Math.abs(delay) > SAME_CLOCK) this.#jumped({ before: undefined, now: delay })
    this.#said = wrong
  }

  /** For a clock that was not settled this is only a better reading. */
  #ahead(delay: number, arrival: number): void {
    if (this.settled) this.#jump(delay, arrival, FIRST_LATE)
    else this.#first(delay, { arrival, unset: false })
  }

  /** `unsure`: how late (ms) the reading may have been. */
  #jump(now: number, arrival: number, unsure: number): void {
    const before = this.settled ? this.offset : undefined
    this.#begin(now, arrival)
    this.settled = unsure === 0
    this.#changed = true
    this.#unsure = unsure
    this.#said = true
    this.#jumped({ before, now })
  }

  #begin(delay: number, arrival: number): void {
    this.offset = delay
    this.#parts.length = 0
    this.#parts.push({ since: arrival, least: delay })
    this.#run = begun(delay, arrival)
  }

  #inTime(delay: number, arrival: number): void {
    const last = this.#parts.at(-1)
    if (!last || arrival - last.since > PART) this.#parts.push({ since: arrival, least: delay })
    else last.least = Math.min(last.least, delay)
    if (this.#parts.length > KEPT) this.#parts.shift()
    this.offset = Math.min(...this.#parts.map(part => part.least))
    // As right as a first reading may be: what came before it had waited.
    this.settled ||= Math.abs(this.offset) <= RIGHT
    if (this.settled) this.#run = undefined
    // A reading that was a little longer under way than others says nothing against them.
    else if (delay <= this.#least + STEADY && this.#agree(delay, arrival) !== undefined) {
      this.settled = true
      if (this.offset > SAME_CLOCK && !this.#said)
        this.#jumped({ before: undefined, now: this.offset })
    }
  }

  get #least(): number {
    return this.#run?.least ?? Number.POSITIVE_INFINITY
  }

  /** By how much the clock is off, when enough readings agree; undefined until then. */
  #agree(delay: number, arrival: number, enough = AGREE): number | undefined {
    const run = this.#run
    if (!run || Math.abs(delay - run.first) > STEADY + DRIFT * (arrival - run.since)) {
      this.#run = begun(delay, arrival)
      return undefined
    }
    const count = run.count + 1
    const recent = [...run.recent, delay].slice(-RECENT)
    this.#run = { ...run, least: Math.min(run.least, delay), recent, count }
    const spread = arrival - run.since
    const agree = enough.some(one => count >= one.count && spread >= one.apart)
    return agree ? Math.min(...recent) : undefined
  }
}

const begun = (delay: number, since: number): Run => ({
  first: delay,
  least: delay,
  recent: [delay],
  count: 1,
  since,
})
