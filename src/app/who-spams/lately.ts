// What a sender did lately, beside what the core weighs: how much of its mail was refused as spam, and how many of its messages went from
// networks that it never used to people it never wrote to. One refusal, or a small share, says nothing of a mailing or a shop.

import { DAY } from '../../model/duration.ts'

/** Half days: the one that runs, and the one before. */
const BUCKET = DAY / 2
/** Messages from new networks that are remembered. */
const MOST_STRANGE = 64
/** At least so many in a day to new people, and this share of all from new networks, are strange hands … [est] */
const STRANGE = { messages: 5, share: 0.8 }
/** … and of one that sent fewer messages from networks of its own so many, all of its day: at first every network and every recipient is new. [est] */
const STRANGE_BLIND = { familiar: 12, messages: 6 }

type Bucket = {
  from: number
  /** Answers that were not "no such user", and messages that a scanner of this server stopped. */
  all: number
  refused: number
  readonly refusers: Set<string>
}
type FromNew = {
  readonly at: number
  readonly id: string
  readonly toNew: boolean
  gone: number
  refused: number
}

export type Strange = { readonly gone: number; readonly refused: number; readonly blind: boolean }

export class Lately {
  #now = newBucket(0)
  #before = newBucket(0)
  #fromNew: FromNew[] = []
  /** Of the latest messages. */
  #times: number[] = []
  /** Messages from networks that were seen before. */
  #familiar = 0

  /** `toNew`: all its recipients; undefined: its network was seen before. */
  message(at: number, id: string, toNew: boolean | undefined): void {
    this.#times.push(at)
    if (this.#times.length > 2 * MOST_STRANGE) this.#times.splice(0, MOST_STRANGE)
    if (toNew === undefined) {
      this.#familiar++
      return
    }
    this.#fromNew.push({ at, id, toNew, gone: 0, refused: 0 })
    if (this.#fromNew.length > MOST_STRANGE) this.#fromNew.shift()
  }

  /** `refusedBy`: a domain, or a scanner here. */
  answer(at: number, id: string, said: 'taken' | 'gone' | { readonly refusedBy: string }): void {
    const strange = this.#ofMessage(id)
    if (said === 'gone') {
      if (strange) strange.gone++
      return
    }
    const bucket = this.#bucket(at)
    bucket.all++
    if (said === 'taken') return
    bucket.refused++
    if (strange) strange.refused++
    if (bucket.refusers.size < MOST_STRANGE) bucket.refusers.add(said.refusedBy)
  }

  /** At least so many refused as spam, by so many, and this share of what went to people that exist. */
  refuses({ refused, by, share }: Refuses): boolean {
    const [now, before] = [this.#now, this.#before]
    const all = now.refused + before.refused
    return (
      all >= refused &&
      all >= share * (now.all + before.all) &&
      new Set([...now.refusers, ...before.refusers]).size >= by
    )
  }

  get refusedNow(): number {
    return this.#now.refused
  }

  /** Undefined: its hands are its own. */
  strange(at: number): Strange | undefined {
    if (this.#fromNew.length < STRANGE.messages) return undefined
    let [all, toNew, gone, refused] = [0, 0, 0, 0]
    for (const one of this.#fromNew) {
      if (at - one.at >= DAY) continue
      all++
      if (!one.toNew) continue
      toNew++
      gone += one.gone
      refused += one.refused
    }
    if (toNew < STRANGE.messages) return undefined
    const blind = this.#familiar < STRANGE_BLIND.familiar
    const enough = blind
      ? toNew >= STRANGE_BLIND.messages && toNew === this.#since(at - DAY)
      : toNew >= STRANGE.share * all
    return enough ? { gone, refused, blind } : undefined
  }

  /** Messages after `time`, at most `MOST_STRANGE`. */
  #since(time: number): number {
    return this.#times.slice(-MOST_STRANGE).filter(one => one > time).length
  }

  /** Nearly always the latest, or none. */
  #ofMessage(id: string): FromNew | undefined {
    for (let i = this.#fromNew.length - 1; i >= 0; i--)
      if (this.#fromNew[i]?.id === id) return this.#fromNew[i]
    return undefined
  }

  #bucket(at: number): Bucket {
    const from = Math.floor(at / BUCKET)
    if (from > this.#now.from) {
      this.#before = from === this.#now.from + 1 ? this.#now : newBucket(from - 1)
      this.#now = newBucket(from)
    }
    return this.#now
  }
}

export type Refuses = { readonly refused: number; readonly by: number; readonly share: number }

const newBucket = (from: number): Bucket => ({ from, all: 0, refused: 0, refusers: new Set() })
