// Whose question to the DNS is asked next. An answer costs the thread that asks what is written in it, and that is known only when it is
// read; so the zones whose answers were large have a lane of their own, with a share of the thread's time and no more, and the others do
// not wait for them. Zones that have not answered yet have one, too: as many are asked at once as have turned out well, few when some have not.

import { BoundedMap } from '../../model/bounded-map.ts'

/** Records. A zone whose answers have more on average is large. The largest honest answers have a hundred. */
const LARGE = 200
/** Weight of the last answer in the average. */
const LAST = 1 / 4
/** Records of large answers that may be read in a ms: about a fifth of the thread, at some 20 µs each. */
const SHARE = 10
/** Large zones wait while more than so many records are beyond that share. */
const LARGE_WAIT = 4000
/** Questions that are out, of one zone and of all of a lane. One that answers well earns more. */
const OUT = { light: 8, new: 2, large: 1 } as const
const MOST_OUT = 100
const OUT_IN_ALL = { light: 10_000, large: 2 } as const
/** Of all new zones: at first, one more for each that answers well, half for each that is large. */
const NEW_OUT = { first: 32, least: 8, most: 500 } as const
/** Questions of one zone that wait; more are refused. */
const WAITING = { light: 5000, new: 5000, large: 100 } as const
/** Zones of which it is known how they answer; the one that was asked longest ago is forgotten. */
const KNOWN = 50_000

type Lane = 'light' | 'new' | 'large'
const LANES = ['light', 'new', 'large'] as const

type Waiting<Q> = { readonly question: Q; readonly until: number }
type Zone<Q> = {
  readonly name: string
  /** Records of an answer; undefined before the first. */
  average: number | undefined
  lane: Lane
  out: number
  mayBeOut: number
  waiting: Waiting<Q>[]
  /** Of `waiting`, how many have gone. */
  gone: number
}

/**
 * Whose turn is the oldest, or the youngest: of new zones there may be more than can be asked in time, and the oldest first would then be
 * asked when its question is almost over, and the next one, too.
 */
class ZoneLine<T> {
  readonly #which: 'oldest' | 'youngest'
  readonly #in = new Set<T>()
  readonly #stack: T[] = []

  constructor(which: 'oldest' | 'youngest') {
    this.#which = which
  }

  get size(): number {
    return this.#in.size
  }

  /** One that is in it keeps its place. */
  add(one: T): void {
    if (this.#which === 'youngest' && !this.#in.has(one)) this.#stack.push(one)
    this.#in.add(one)
  }

  delete(one: T): void {
    this.#in.delete(one)
  }

  take(): T | undefined {
    let one = this.#which === 'oldest' ? this.#in.values().next().value : this.#stack.pop()
    // Deleted meanwhile.
    while (one !== undefined && !this.#in.has(one)) one = this.#stack.pop()
    if (one !== undefined) this.#in.delete(one)
    return one
  }
}

/** Times are in ms, of any clock that never goes back. */
export class ZoneTurns<Q> {
  readonly #zones = new Map<string, Zone<Q>>()
  readonly #known = new BoundedMap<string, number>(KNOWN)
  /** Zones of each lane with a question that waits, in the order of their turns. */
  readonly #lines: Readonly<Record<Lane, ZoneLine<Zone<Q>>>> = {
    light: new ZoneLine('oldest'),
    new: new ZoneLine('youngest'),
    large: new ZoneLine('oldest'),
  }
  readonly #out: Record<Lane, number> = { light: 0, new: 0, large: 0 }
  #newOut: number = NEW_OUT.first
  /** Records of large answers beyond their share, as of `#at`. */
  #beyond = 0
  #at = Number.NEGATIVE_INFINITY

  /** False when too many questions of the zone wait already. After `until` it is not asked any more. */
  add(name: string, waiting: Waiting<Q>): boolean {
    const zone = this.#zones.get(name) ?? this.#begin(name)
    if (zone.waiting.length - zone.gone >= WAITING[zone.lane]) return false
    zone.waiting.push(waiting)
    this.#lines[zone.lane].add(zone)
    return true
  }

  /** What is to be asked now; undefined when nothing is. Each must come back by `ended`. */
  next(now: number): { readonly zone: string; readonly question: Q } | undefined {
    for (const lane of LANES) {
      const line = this.#lines[lane]
      while (line.size > 0 && this.#out[lane] < this.#room(lane, now)) {
        // One that may ask no more is in the line again when an answer came.
        const zone = line.take()
        if (!zone) break
        const question = zone.out < zone.mayBeOut ? taken(zone, now) : undefined
        if (question !== undefined) this.#ask(zone)
        else this.#endIfQuiet(zone)
        if (question !== undefined) return { zone: zone.name, question }
      }
    }
    return undefined
  }

  /** `read`: records of the answer; undefined when none came. */
  ended(name: string, read: number | undefined, now: number): void {
    const zone = this.#zones.get(name)
    if (!zone) return
    zone.out--
    this.#out[zone.lane]--
    if (read !== undefined) this.#heard(zone, read, now)
    if (zone.waiting.length > zone.gone) this.#lines[zone.lane].add(zone)
    else this.#endIfQuiet(zone)
  }

  /** ms until it is worth to call `next` although no answer has come; undefined when nothing waits for time to pass. */
  pause(now: number): number | undefined {
    if (this.#lines.large.size === 0) return undefined
    const beyond = this.#beyondAt(now) - LARGE_WAIT
    return beyond > 0 ? beyond / SHARE : undefined
  }

  #room(lane: Lane, now: number): number {
    if (lane === 'light') return OUT_IN_ALL.light
    if (lane === 'new') return this.#newOut
    return this.#beyondAt(now) > LARGE_WAIT ? 0 : OUT_IN_ALL.large
  }

  #beyondAt(now: number): number {
    this.#beyond = Math.max(0, this.#beyond - Math.max(0, now - this.#at) * SHARE)
    this.#at = now
    return this.#beyond
  }

  #begin(name: string): Zone<Q> {
    const average = this.#known.get(name)
    const lane = laneOf(average)
    const zone = { name, average, lane, out: 0, mayBeOut: OUT[lane], waiting: [], gone: 0 }
    this.#zones.set(name, zone)
    return zone
  }

  #ask(zone: Zone<Q>): void {
    zone.out++
    this.#out[zone.lane]++
    if (zone.waiting.length > zone.gone) this.#lines[zone.lane].add(zone)
  }

  #heard(zone: Zone<Q>, read: number, now: number): void {
    const isLarge = read > LARGE
    if (isLarge) this.#beyond = this.#beyondAt(now) + read
    if (zone.lane === 'new') this.#newOut = afterNew(this.#newOut, isLarge)
    const before = zone.average ?? read
    zone.average = before + (read - before) * LAST
    const lane = laneOf(zone.average)
    if (lane === 'light' && zone.mayBeOut < MOST_OUT) zone.mayBeOut++
    if (lane === zone.lane) return
    this.#lines[zone.lane].delete(zone)
    this.#out[zone.lane] -= zone.out
    this.#out[lane] += zone.out
    zone.lane = lane
    zone.mayBeOut = OUT[lane]
  }

  #endIfQuiet(zone: Zone<Q>): void {
    if (zone.out > 0 || zone.waiting.length > zone.gone) return
    this.#lines[zone.lane].delete(zone)
    this.#zones.delete(zone.name)
    if (zone.average === undefined) return
    this.#known.delete(zone.name)
    this.#known.set(zone.name, zone.average)
  }
}

const afterNew = (out: number, isLarge: boolean) =>
  isLarge ? Math.max(NEW_OUT.least, Math.floor(out / 2)) : Math.min(NEW_OUT.most, out + 1)

function laneOf(average: number | undefined): Lane {
  if (average === undefined) return 'new'
  return average > LARGE ? 'large' : 'light'
}

/** The first that waits and is not over. */
function taken<Q>(zone: Zone<Q>, now: number): Q | undefined {
  for (;;) {
    const first = zone.waiting[zone.gone]
    if (!first) return undefined
    zone.gone++
    if (zone.gone * 2 > zone.waiting.length) {
      zone.waiting = zone.waiting.slice(zone.gone)
      zone.gone = 0
    }
    if (first.until > now) return first.question
  }
}
