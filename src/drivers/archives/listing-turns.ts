// The order in which archives are listed. Our own people go before strangers, but for every eighth turn; in one lane the sender goes first
// that took the least time of the thread within the last minutes; among equals the first to come. So a sender of archives that are slow to
// list waits for all others, and the others do not wait for that sender. Pure.

import type { ReadingTurn } from '../../ports/readings.ts'

export type Waits = { readonly turn: ReadingTurn; readonly size: number }
export type Room = { readonly waiting: number; readonly bytes: number }

/** Sources whose time is remembered; when there are more, all of them begin anew. */
const MAX_SOURCES = 10_000
/** Share of the room by lane: `first` our own users, `rest` strangers. */
const SHARE: Readonly<Record<ReadingTurn['lane'], number>> = { first: 1, rest: 0.75 }
/** One turn in so many is a stranger's while our own users wait. */
const OTHERS_TURN = 8

export class ListingTurns<T extends Waits> {
  readonly #waiting = new Set<T>()
  readonly #room: Room
  #spent = new Map<string, number>()
  #turns = 0

  constructor(room: Room) {
    this.#room = room
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Those that have no room any more: the last of the source that has the most waiting, or this one. */
  add(one: T): readonly T[] {
    this.#waiting.add(one)
    const sent: T[] = []
    while (this.#isOver(one.turn.lane)) {
      const last = this.#lastOfMost(one)
      this.#waiting.delete(last)
      sent.push(last)
    }
    return sent
  }

  remove(one: T): void {
    this.#waiting.delete(one)
  }

  /** Takes the next out of the queue. */
  next(): T | undefined {
    const first = this.#best('first')
    const rest = this.#best('rest')
    if (first && rest) this.#turns++
    else this.#turns = 0
    const isOthers = this.#turns === OTHERS_TURN
    if (isOthers) this.#turns = 0
    const one = isOthers ? rest : (first ?? rest)
    if (one) this.#waiting.delete(one)
    return one
  }

  all(): readonly T[] {
    return [...this.#waiting]
  }

  /** A source took so much of the thread, in ms. */
  took({ turn: { from } }: T, time: number): void {
    if (this.#spent.size >= MAX_SOURCES) this.#spent.clear()
    this.#spent.set(from, (this.#spent.get(from) ?? 0) + time)
  }

  /** Call it once a minute: half of what was taken before is forgiven. */
  forgive(): void {
    const left = [...this.#spent].map(([from, time]) => [from, time / 2] as const)
    this.#spent = new Map(left.filter(([, time]) => time >= 1))
  }

  #best(lane: ReadingTurn['lane']): T | undefined {
    let best: T | undefined
    let least = Number.POSITIVE_INFINITY
    for (const one of this.#waiting) {
      const spent = this.#spent.get(one.turn.from) ?? 0
      if (one.turn.lane !== lane || spent >= least) continue
      best = one
      least = spent
    }
    return best
  }

  #isOver(lane: ReadingTurn['lane']): boolean {
    const mine = [...this.#waiting].filter(({ turn }) => lane === 'first' || turn.lane === lane)
    const bytes = mine.reduce((sum, { size }) => sum + size, 0)
    const { waiting, bytes: most } = this.#room
    return mine.length > Math.ceil(waiting * SHARE[lane]) || bytes > most * SHARE[lane]
  }

  /** The last of the source with the most bytes; strangers give way before our own people do. */
  #lastOfMost({ turn: { lane } }: T): T {
    const rest = this.all().filter(({ turn }) => turn.lane === 'rest')
    const among = lane === 'first' && rest.length === 0 ? this.all() : rest
    const bytes = new Map<string, number>()
    for (const { turn, size } of among) bytes.set(turn.from, (bytes.get(turn.from) ?? 0) + size + 1)
    const most = Math.max(...bytes.values())
    return among.findLast(({ turn }) => bytes.get(turn.from) === most) as T
  }
}
