// One simulated line behind the real evidence by episodes and the real window, on a virtual clock: what leaves, what waits, what returns, and
// what is decided. The queue, the answers of other servers and the correspondents are the simulation's; all that is judged is the core's.

import { type EpisodeDecision } from '../../core/detection/episodes/decide.ts'
import { newRecord, type SubjectRecord } from '../../core/detection/episodes/state.ts'
import { type Observation, step } from '../../core/detection/episodes/step.ts'
import { type Allowance, QUIET_A_DAY } from '../../core/detection/episodes/tables.ts'
import { bucketOf, isTight } from '../../core/detection/episodes/window/bucket-of.ts'
import { exit } from '../../core/detection/episodes/window/exits.ts'
import type { Bucket } from '../../core/detection/episodes/window/refill.ts'
import { releaseOrder } from '../../core/detection/episodes/window/release-order.ts'
import { acceptedQuietly, take } from '../../core/detection/episodes/window/take.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../model/duration.ts'
import type { Random } from '../population/random.ts'
import {
  LARGE_PROVIDERS,
  type SimulatedMail,
  type SimulatedRecipient,
} from '../population/simulated-mail.ts'

export type PacedWatcher = {
  left(mail: SimulatedMail, who: SimulatedRecipient, waited: number): void
  waits(mail: SimulatedMail): void
  returns(mail: SimulatedMail): void
  decided(what: EpisodeDecision, at: number): void
  refused(mail: SimulatedMail): void
}

type Waiting = {
  readonly mail: SimulatedMail
  readonly who: SimulatedRecipient
  readonly firstTimer: boolean
  readonly bucket: Bucket
  readonly since: number
}
type Answer = Pick<Waiting, 'mail' | 'who' | 'firstTimer'> & { readonly at: number }

const ANSWERS_AFTER = 5 * SECOND
const SLOW_ANSWERS_AFTER = 15 * MINUTE
const QUIET_AFTER = MINUTE
const REMEMBERED = 400 * DAY
const OWED_FOR = 14 * DAY
const OWED_A_DAY = 20
/** What staff do with a wrong isolation: they end it. */
const RELEASED_AFTER = HOUR

export class PacedLine {
  #record: SubjectRecord
  readonly #allowance: Allowance
  readonly #chance: Random
  readonly #watcher: PacedWatcher
  readonly #known = new Map<number, number>()
  readonly #owed = new Map<number, number>()
  #owedToday = { day: 0, used: 0 }
  #waiting: Waiting[] = []
  #suspectLeft: SimulatedMail | undefined
  readonly #queues: Record<'fast' | 'slow' | 'quiet', Answer[]> = { fast: [], slow: [], quiet: [] }
  #nextRelease = 0
  #decision: EpisodeDecision = 'pace'
  #isolatedAt: number | undefined

  constructor(allowance: Allowance, chance: Random, at: number, watcher: PacedWatcher) {
    this.#record = newRecord('line', at, allowance)
    this.#allowance = allowance
    this.#chance = chance
    this.#watcher = watcher
  }

  knows(people: readonly SimulatedRecipient[], since: number): void {
    for (const { id } of people) this.#known.set(id, since)
  }

  send(mail: SimulatedMail): void {
    this.runUntil(mail.at)
    if (mail.kind === 'in') {
      if (mail.passed) for (const { id } of mail.people) this.#owed.set(id, mail.at)
      return
    }
    if (this.#isolatedAt !== undefined) return this.#watcher.refused(mail)
    const firsts = mail.people.map(who => this.#isFirst(who, mail.at))
    const firstTimers = firsts.filter(Boolean).length
    const { judged } = mail
    this.#step({ kind: 'message', recipients: firsts.length, firstTimers, judged }, mail.at)
    const order = [...mail.people.keys()].sort((a, b) => Number(firsts[b]) - Number(firsts[a]))
    let waits = false
    for (const i of order) {
      const who = mail.people[i] as SimulatedRecipient
      const firstTimer = firsts[i] === true
      const part = { judged, hasFirstTimer: firstTimers > 0, firstTimer, fresh: false }
      const one = { mail, who, firstTimer, bucket: bucketOf([this.#record], part), since: mail.at }
      if (this.#leavesAtOnce(one, waits)) this.#leave(one, mail.at)
      else {
        waits = true
        this.#waiting.push(one)
        this.#watcher.waits(mail)
      }
    }
  }

  /** Answers and releases up to `at`. */
  runUntil(at: number): void {
    for (;;) {
      const next = Object.entries(this.#queues)
        .flatMap(([name, [first]]) => (first ? [{ name, at: first.at }] : []))
        .concat(this.#waiting.length > 0 ? [{ name: 'release', at: this.#nextRelease }] : [])
        .reduce((a, b) => (b.at < a.at ? b : a), { name: '', at: Infinity })
      if (next.at > at) break
      if (next.name === 'release') this.#release(next.at)
      else if (next.name === 'quiet') this.#quiet()
      else this.#answer(next.name as 'fast' | 'slow')
    }
    this.#nextRelease = Math.max(this.#nextRelease, at)
    if (
      this.#isolatedAt !== undefined &&
      at - this.#isolatedAt > RELEASED_AFTER &&
      this.endsIsolation
    )
      this.#endIsolation(at)
  }

  /** Of people: what was wrong is ended by staff. */
  endsIsolation = false

  #endIsolation(at: number): void {
    this.#isolatedAt = undefined
    this.#step({ kind: 'released' }, at)
  }

  #isFirst({ id }: SimulatedRecipient, at: number): boolean {
    const since = this.#known.get(id)
    return !this.#isOwed(id, at) && (since === undefined || since < at - REMEMBERED)
  }

  #isOwed(id: number, at: number): boolean {
    return (this.#owed.get(id) ?? -Infinity) > at - OWED_FOR
  }

  /** An owed reply that nobody judged spam is free, so many a day. */
  #takesOwed(one: Waiting): boolean {
    const { judged, at } = one.mail
    if (judged === 'spam' || !this.#isOwed(one.who.id, at)) return false
    const day = Math.floor(at / DAY)
    if (this.#owedToday.day !== day) this.#owedToday = { day, used: 0 }
    if (this.#owedToday.used >= OWED_A_DAY) return false
    this.#owedToday.used++
    this.#owed.delete(one.who.id)
    return true
  }

  /** `waits`: another part of the message does. */
  #leavesAtOnce(one: Waiting, waits: boolean): boolean {
    if (this.#takesOwed(one)) return true
    if (one.bucket === 'known' && !isTight(this.#record)) return !waits
    if (this.#waiting.some(({ bucket }) => bucket === one.bucket)) return false
    return this.#takes(one, one.mail.at)
  }

  #takes({ bucket, mail }: Waiting, at: number): boolean {
    const judgedSpam = mail.judged === 'spam'
    const { taken, records } = take(
      [this.#record],
      { bucket, units: 1, judgedSpam },
      this.#allowance,
      at,
    )
    this.#record = records[0] as SubjectRecord
    return taken
  }

  #leave({ mail, who, firstTimer, since }: Waiting, at: number): void {
    this.#known.set(who.id, at)
    this.#watcher.left(mail, who, at - since)
    const slow = who.slow && firstTimer
    this.#queues[slow ? 'slow' : 'fast'].push({
      mail,
      who,
      firstTimer,
      at: at + (slow ? SLOW_ANSWERS_AFTER : ANSWERS_AFTER),
    })
  }

  #answer(queue: 'fast' | 'slow'): void {
    const one = this.#queues[queue].shift() as Answer
    const { mail, who, firstTimer, at } = one
    const refuses = who.refuses || this.#chance.chance(mail.refusedShare)
    const said = who.gone ? 'no-such-user' : refuses ? 'refused-as-spam' : 'taken'
    this.#step({ kind: 'answer', toFirstTimer: firstTimer, said }, at)
    if (said === 'taken' && firstTimer && mail.judged !== 'spam')
      this.#queues.quiet.push({ ...one, at: at + QUIET_AFTER })
  }

  #quiet(): void {
    const { who, at } = this.#queues.quiet.shift() as Answer
    const large = who.domain < LARGE_PROVIDERS
    // The largest have numbers of their own; the rest share what is left.
    const domain = large ? who.domain : LARGE_PROVIDERS + (who.domain % QUIET_A_DAY.large)
    this.#record = acceptedQuietly(this.#record, { domain, large }, this.#allowance, at)
  }

  #release(at: number): void {
    this.#nextRelease = at + MINUTE
    if (this.#isolatedAt !== undefined) return
    const closed = new Set<Bucket>()
    const gone = new Set<Waiting>()
    for (const one of releaseOrder(this.#waiting)) {
      if (closed.has(one.bucket)) continue
      const left = this.#leavesByExit(one, at, gone)
      if (left === 'returns') this.#watcher.returns(one.mail)
      else if (left === 'leaves' || this.#takes(one, at)) this.#leave(one, at)
      else {
        closed.add(one.bucket)
        continue
      }
      gone.add(one)
    }
    if (gone.size > 0) this.#waiting = this.#waiting.filter(one => !gone.has(one))
  }

  #leavesByExit(one: Waiting, at: number, gone: ReadonlySet<Waiting>): string {
    const { bucket, mail, since } = one
    const same = this.#waiting.filter(other => other.bucket === bucket && !gone.has(other))
    const suspect = bucket.startsWith('spam')
    const waiting = suspect ? new Set(same.map(other => other.mail)).size : same.length
    const judgedSpam = mail.judged === 'spam'
    const messageLeft = this.#suspectLeft === mail
    const waits = { bucket, judgedSpam, since, waiting, messageLeft }
    const found = exit([this.#record], waits, this.#allowance, at)
    this.#record = found.records[0] as SubjectRecord
    if (found.exit === 'leaves' && suspect) this.#suspectLeft = mail
    return found.exit
  }

  #step(observation: Observation, at: number): void {
    const { state, decision } = step(this.#record, [observation], at)
    this.#record = state
    if (decision === this.#decision) return
    this.#decision = decision
    if (decision === 'isolate' && this.#isolatedAt === undefined) this.#isolatedAt = at
    this.#watcher.decided(decision, at)
  }
}
