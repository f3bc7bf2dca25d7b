// Simulated customers behind the real evidence by episodes and the real window, on a virtual clock: what leaves, what waits, what returns,
// and what is decided. The queue, the answers of other servers and the correspondents are the simulation's; all that is judged is the core's.

import type { EpisodeDecision } from '../../core/detection/episodes/decide.ts'
import type { SubjectRecord } from '../../core/detection/episodes/state.ts'
import { type Allowance, COMPLAINT, QUIET_A_DAY } from '../../core/detection/episodes/tables.ts'
import { bucketOf, isTight } from '../../core/detection/episodes/window/bucket-of.ts'
import { acceptedQuietly, take } from '../../core/detection/episodes/window/take.ts'
import { HOUR, MINUTE } from '../../model/duration.ts'
import type { Population } from '../population/population-file.ts'
import type { Random } from '../population/random.ts'
import {
  LARGE_PROVIDERS,
  type SimulatedMail,
  type SimulatedRecipient,
} from '../population/simulated-mail.ts'
import type { AskedOwners } from './asked-owners.ts'
import { DueAnswers } from './due-answers.ts'
import { ForeignAddresses } from './foreign-addresses.ts'
import { Later } from './later.ts'
import { personOf, WaitingMail, type WaitingPart } from './waiting-mail.ts'
import { SimulatedCustomer } from './simulated-customer.ts'
import { type Changed, type SubjectName, SimulatedSubjects } from './simulated-subjects.ts'

export type PacedWatcher = {
  left(mail: SimulatedMail, who: SimulatedRecipient, waited: number): void
  waits(mail: SimulatedMail): void
  returns(mail: SimulatedMail): void
  decided(what: EpisodeDecision, at: number): void
  refused(mail: SimulatedMail): void
}

/** What staff do with a wrong isolation, or a login wrongly stopped: they end it. */
const RELEASED_AFTER = HOUR
/** Where many wait they are looked at less often: it changes no more than ten minutes, and costs a tenth. */
const MANY_WAIT = 20

export class PacedMail {
  readonly #subjects: SimulatedSubjects
  readonly #allowance: Allowance
  readonly #chance: Random
  readonly #watcher: PacedWatcher
  readonly #customers = new Map<number, SimulatedCustomer>()
  readonly #addresses = new ForeignAddresses()
  readonly #waiting = new Map<SubjectName, WaitingMail>()
  readonly #answers = new DueAnswers<WaitingPart>()
  readonly #byExit = new WeakSet<SimulatedMail>()
  readonly #stopped = new Map<SubjectName, number>()
  readonly #later = new Later()
  /** Of each subject the domains that complained, and when. */
  readonly #complained = new Map<SubjectName, Map<number, number>>()
  #nextRelease = 0
  /** Of people: what was wrong is ended by staff. */
  endsIsolation = false
  /** The owners that answer when asked; none without it. */
  owners: AskedOwners | undefined
  /** The shares of recipients that complain; none without it. */
  complain: Population['complain'] | undefined

  constructor(allowance: Allowance, chance: Random, watcher: PacedWatcher) {
    this.#allowance = allowance
    this.#chance = chance
    this.#watcher = watcher
    this.#subjects = new SimulatedSubjects(allowance, changed => this.#decided(changed))
  }

  knows(owner: number, people: readonly SimulatedRecipient[], since: number): void {
    this.#customer(owner).knows(people, since)
  }

  send(mail: SimulatedMail): void {
    this.runUntil(mail.at)
    if (mail.kind === 'in') return this.#comesIn(mail)
    if (mail.kind === 'announced') return this.#announced(mail)
    const subjects = this.#admitted(mail)
    if (!subjects) return this.#watcher.refused(mail)
    const { at, judged, people, away } = mail
    const customer = this.#customer(mail.owner)
    const firsts = people.map(({ id }) => customer.isFirst(id, at))
    const firstTimers = firsts.filter(Boolean).length
    const written = people.map(({ id }) => id)
    const seen = {
      kind: 'message',
      recipients: people.length,
      firstTimers,
      people: written,
      judged,
    } as const
    const [own, source] = subjects
    const network = away ? { network: away.network } : {}
    const { fresh } = this.#subjects.step(own, [{ ...seen, ...network }], at)
    const regulars = away ? this.#addresses.regulars(away.address) : 0
    if (source) this.#subjects.step(source, [{ ...seen, regulars }], at)
    const order = [...people.keys()].sort((a, b) => Number(firsts[b]) - Number(firsts[a]))
    let waits = false
    for (const i of order) {
      const part = {
        judged,
        hasFirstTimer: firstTimers > 0,
        firstTimer: firsts[i] === true,
        fresh,
        recipients: people.length,
      }
      const bucket = bucketOf(this.#records(subjects, at), part)
      const { firstTimer } = part
      const who = people[i] as SimulatedRecipient
      const one: WaitingPart = { mail, who, firstTimer, fresh, bucket, subjects, since: at }
      if (this.#leavesAtOnce(one, waits)) this.#leave(one, at)
      else {
        waits = true
        const waiting = this.#waiting.get(own) ?? new WaitingMail()
        waiting.add(one)
        this.#waiting.set(own, waiting)
        this.#watcher.waits(mail)
        this.#ask(own, mail)
      }
    }
  }

  /** Answers and releases up to `at`. */
  runUntil(at: number): void {
    for (;;) {
      const answer = this.#answers.next()
      const release = this.#waiting.size > 0 ? this.#nextRelease : Infinity
      const later = this.#later.next
      const next = Math.min(answer?.at ?? Infinity, release, later)
      if (next > at) break
      if (next === later) this.#later.run()
      else if (!answer || release < answer.at) this.#release(release)
      else if (answer.queue === 'quiet') this.#quiet(this.#answers.take('quiet'), answer.at)
      else this.#answer(this.#answers.take(answer.queue), answer.at)
    }
    this.#nextRelease = Math.max(this.#nextRelease, at)
    if (!this.endsIsolation) return
    for (const [name, since] of this.#stopped)
      if (at - since > RELEASED_AFTER) {
        this.#stopped.delete(name)
        this.#subjects.step(name, [{ kind: 'released' }], at)
      }
  }

  #announced({ owner, away, people, at }: SimulatedMail): void {
    const own: SubjectName = `${away ? 'login' : 'line'}:${owner}`
    this.#subjects.step(own, [{ kind: 'announced', recipients: people.length }], at)
  }

  #ask(name: SubjectName, { at, byBot }: SimulatedMail): void {
    const answersAt = this.owners?.answersAt(name, at)
    if (answersAt === undefined) return
    this.#later.add(answersAt, then => {
      const said = this.owners?.says(name, !byBot, then)
      if (said === 'me') this.#subjects.step(name, [{ kind: 'was-me' }], then)
      if (said !== 'not-me' || this.#stopped.has(name)) return
      this.#stopped.set(name, then)
      this.#watcher.decided('stop-login', then)
    })
  }

  /** Hours after a recipient that did not know the sender got it. */
  #complains({ mail, who, subjects }: WaitingPart, at: number): void {
    const share = mail.byBot ? this.complain?.ofSpam : this.complain?.ofClean
    if (share === undefined || !this.#chance.chance(share)) return
    this.#later.add(at + (6 + 40 * this.#chance.next()) * HOUR, then => {
      const [own] = subjects
      const before = this.#complained.get(own) ?? new Map<number, number>()
      for (const [domain, since] of before)
        if (then - since >= COMPLAINT.remembered) before.delete(domain)
      if (before.has(who.domain) || before.size >= COMPLAINT.most) return
      this.#complained.set(own, before.set(who.domain, then))
      this.#subjects.step(own, [{ kind: 'sign', sign: 'reports', nats: COMPLAINT.nats }], then)
    })
  }

  #customer(owner: number): SimulatedCustomer {
    const known = this.#customers.get(owner)
    if (known) return known
    const made = new SimulatedCustomer()
    this.#customers.set(owner, made)
    return made
  }

  #records(subjects: readonly SubjectName[], at: number): SubjectRecord[] {
    return subjects.map(name => this.#subjects.of(name, at))
  }

  #comesIn({ owner, people, passed, at }: SimulatedMail): void {
    if (!passed) return
    for (const { id } of people) {
      const network = this.#customer(owner).gotFrom(id, at)
      if (network !== undefined)
        this.#subjects.step(`login:${owner}`, [{ kind: 'proper', network }], at)
    }
  }

  /** The subjects that it feeds, its sender's own first; undefined: refused at the door. */
  #admitted({ owner, away, at, judged }: SimulatedMail): WaitingPart['subjects'] | undefined {
    const own: SubjectName = `${away ? 'login' : 'line'}:${owner}`
    if (this.#stopped.has(own)) return undefined
    if (!away) return [own]
    const { networks } = this.#subjects.step(own, [], at).state
    const network = networks.find(({ hash }) => hash === away.network)
    if (network?.refused) return undefined
    const many = this.#addresses.used(away.address, owner, at)
    const source: SubjectName = `source:${away.address}`
    const feeds = many || network?.known !== true
    if (feeds && this.#subjects.step(source, [], at).state.numbers.refusesAuth === 1)
      return undefined
    this.#addresses.sent(away.address, owner, judged === 'spam')
    return feeds ? [own, source] : [own]
  }

  /** `waits`: another part of the message does. */
  #leavesAtOnce(one: WaitingPart, waits: boolean): boolean {
    const [own] = one.subjects
    if (this.#stopped.has(own)) return false
    if (this.#customer(one.mail.owner).takesOwed(one.mail, one.who.id)) return true
    if (one.bucket === 'known' && !isTight(this.#subjects.of(own, one.since))) return !waits
    if (this.#waiting.get(own)?.has(one.bucket)) return false
    const judgedSpam = one.mail.judged === 'spam'
    const asked = { bucket: one.bucket, judgedSpam, person: personOf(one.mail) }
    const records = this.#records(one.subjects, one.since)
    const outcome = take(records, asked, this.#allowance, one.since)
    this.#subjects.put(one.subjects, outcome.records)
    return outcome.taken
  }

  #leave(one: WaitingPart, at: number): void {
    const { mail, who, firstTimer, fresh } = one
    const through = fresh && mail.judged !== 'spam' ? mail.away?.network : undefined
    this.#customer(mail.owner).wrote(who.id, at, through)
    this.#watcher.left(mail, who, at - one.since)
    this.#answers.add(who.slow && firstTimer ? 'slow' : 'fast', one, at)
  }

  #answer(one: WaitingPart, at: number): void {
    const { mail, who, firstTimer, subjects } = one
    const refuses = who.refuses || this.#chance.chance(mail.refusedShare)
    const said = who.gone ? 'no-such-user' : refuses ? 'refused-as-spam' : 'taken'
    if (said === 'taken' && firstTimer) this.#complains(one, at)
    for (const name of mail.unanswered ? [] : subjects)
      this.#subjects.step(name, [{ kind: 'answer', toFirstTimer: firstTimer, said }], at)
    if (said !== 'taken' || mail.judged === 'spam') return
    if (firstTimer) return this.#answers.add('quiet', one, at)
    if (!mail.away) return
    const { address, network } = mail.away
    if (one.fresh) this.#subjects.step(subjects[0], [{ kind: 'proper', network }], at)
    this.#addresses.isRegular(address, mail.owner)
  }

  #quiet({ who, subjects }: WaitingPart, at: number): void {
    const large = who.domain < LARGE_PROVIDERS
    // The largest have numbers of their own; the rest share what is left.
    const domain = large ? who.domain : LARGE_PROVIDERS + (who.domain % QUIET_A_DAY.large)
    const accepted = { domain, large }
    const records = this.#records(subjects, at).map(record =>
      acceptedQuietly(record, accepted, this.#allowance, at),
    )
    this.#subjects.put(subjects, records)
  }

  #release(at: number): void {
    this.#nextRelease = at + (this.#waiting.size > MANY_WAIT ? 10 * MINUTE : MINUTE)
    for (const [own, waiting] of this.#waiting) {
      if (this.#stopped.has(own)) continue
      waiting.release(at, {
        allowance: this.#allowance,
        subjects: this.#subjects,
        byExit: this.#byExit,
        leaves: one => this.#leave(one, at),
        returns: one => this.#watcher.returns(one.mail),
      })
      if (waiting.isEmpty) this.#waiting.delete(own)
    }
  }

  #decided({ what, before, name, at }: Changed): void {
    if (name.startsWith('source')) {
      const address = Number(name.slice(name.indexOf(':') + 1))
      if (before === 'refuse-source') this.#addresses.forgive(address)
      if (what !== 'refuse-source') return
      for (const login of this.#addresses.stoppedWith(address)) this.#stop(`login:${login}`, at)
    }
    if (what === 'isolate' || what === 'stop-login') this.#stop(name, at)
    else this.#watcher.decided(what, at)
  }

  #stop(name: SubjectName, at: number): void {
    if (this.#stopped.has(name)) return
    this.#stopped.set(name, at)
    this.#watcher.decided(name.startsWith('line') ? 'isolate' : 'stop-login', at)
  }
}
