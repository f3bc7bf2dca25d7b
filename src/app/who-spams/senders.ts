// Every sender of a log, weighed by the core of evidence by episodes on the log's own clock, as live. Not known from a log: what a message
// contains, and of the first day, which recipients are new.

import { decide, type EpisodeDecision } from '../../core/detection/episodes/decide.ts'
import {
  type EpisodeKind,
  newRecord,
  type SubjectRecord,
} from '../../core/detection/episodes/state.ts'
import { type Observation, step } from '../../core/detection/episodes/step.ts'
import { ALLOWANCES } from '../../core/detection/episodes/tables.ts'
import { kindsOf, suspicion } from '../../core/detection/episodes/weigh-episode.ts'
import { networkNumber } from '../../engine/evidence/episode-facts.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { BoundedMap } from '../../model/bounded-map.ts'
import { DAY } from '../../model/duration.ts'
import { fnv1a } from '../../model/fnv-1a.ts'
import type { LoggedAnswer, LoggedMail, LoggedSender } from '../../model/logged-mail.ts'
import { domainOf, foldAddress } from '../../model/mail-address.ts'

export type Example = { readonly file: string; readonly number: number; readonly raw: string }

export type Weighed = {
  readonly who: LoggedSender
  record: SubjectRecord
  messages: number
  recipients: number
  /** Of recipients after the first day of the log. */
  judgedNew: number
  firstTimers: number
  answers: number
  unknownUsers: number
  refusedAsSpam: number
  /** By a milter or scanner of this server. */
  stoppedHere: number
  /** Domains that it wrote to through other servers: of an address, what says that it sends out. */
  readonly domains: Set<string>
  readonly networks: Set<number>
  /** When a day of this login began, ms; its messages and their networks. */
  day: number
  dayMessages: number
  readonly dayNetworks: Set<number>
  home: number | undefined
  readonly known: Set<number>
  readonly refusers: Set<string>
  /** The gravest so far, with its time and what was known then. */
  gravest: Gravest
  lastAt: number
  /** Of messages, latest last: for the commands that hold them. */
  readonly ids: string[]
  readonly examples: Example[]
}

export type Gravest = {
  readonly decision: EpisodeDecision
  readonly x: number
  readonly at: number
  /** Each message of a day from another network. */
  readonly everNew: boolean
  readonly messages: number
  readonly kinds: readonly EpisodeKind[]
}

/** Nats from where on a person should look. [est] */
export const LOOK_AT = 6

/** Correspondents of one sender that are remembered, as live. */
const MOST_KNOWN = 8192
const MOST_SENDERS = 100_000
/** Client addresses, nearly all of them strangers: the one that came first is forgotten. */
const MOST_ADDRESSES = 20_000
const MOST_DOMAINS = 64
/** Recipients are new only after the log has shown a day of mail. [est] */
const WARM_UP = DAY
/** At least so many messages of a day, nearly each from a network of its own, at least this share. [est] */
export const EVER_NEW = { messages: 4, share: 0.8, nats: 4 }

export class Senders {
  readonly #all = new Map<string, Weighed>()
  readonly #addresses = new BoundedMap<string, Weighed>(MOST_ADDRESSES)
  readonly #took = new Set<string>()
  /** The first message of the log. */
  #began = Infinity
  readonly #since: number
  #last: { readonly who: LoggedSender; readonly found: Weighed } | undefined
  /** Senders that were not weighed, because there were too many. */
  left = 0

  /** `since`: what is older is learned from, not weighed. */
  constructor(since = 0) {
    this.#since = since
  }

  all(): readonly Weighed[] {
    return [...this.#all.values(), ...this.#addresses.values()]
  }

  of(who: LoggedSender): Weighed | undefined {
    // Lines of one message follow each other.
    if (this.#last?.who === who) return this.#last.found
    const found = this.#find(who)
    if (found) this.#last = { who, found }
    return found
  }

  #find(who: LoggedSender): Weighed | undefined {
    return who.kind === 'address' ? this.#addresses.get(who.name) : this.#all.get(keyOf(who))
  }

  mail(mail: LoggedMail): void {
    if (mail.at < this.#began) this.#began = mail.at
    const { who } = mail
    if (who.kind === 'address') this.#credit(mail)
    const one = this.#sender(who, mail.at)
    if (!one) return
    const outward = mail.answers.filter(({ local }) => !local)
    const isNewLog = mail.at - this.#began < WARM_UP
    const fresh = mail.answers.filter(({ recipient }) => this.#learn(one, recipient))
    if (mail.at < this.#since) {
      one.home ??= mail.address === undefined ? undefined : networkNumber(mail.address)
      return
    }
    one.messages++
    one.recipients += mail.recipients
    one.lastAt = mail.at
    one.ids.push(mail.id)
    if (one.ids.length > 100) one.ids.shift()
    for (const { recipient } of outward)
      if (one.domains.size < MOST_DOMAINS)
        one.domains.add(organisationalDomain(domainOf(recipient)))
    if (!isNewLog) {
      one.judgedNew += mail.answers.length
      one.firstTimers += fresh.length
    }
    const network = this.#network(one, mail)
    const message: Observation = {
      kind: 'message',
      recipients: isNewLog ? 0 : mail.answers.length,
      firstTimers: isNewLog ? 0 : fresh.length,
      judged: 'unseen',
      ...(network === undefined ? {} : { network }),
    }
    const isNew = new Set(fresh.map(({ recipient }) => recipient))
    const answers = mail.answers.flatMap(answer =>
      this.#answer(one, answer, { at: mail.at, isNew: isNew.has(answer.recipient) }),
    )
    // Known people took it: the network is its own.
    const proper: readonly Observation[] =
      network !== undefined &&
      fresh.length === 0 &&
      outward.some(({ outcome }) => outcome === 'sent')
        ? [{ kind: 'proper', network }]
        : []
    this.#step(one, [message], mail.at)
    if (answers.length + proper.length > 0) this.#step(one, [...answers, ...proper], mail.at)
  }

  later(mail: LoggedMail, answer: LoggedAnswer, at: number): void {
    const one = this.of(mail.who)
    if (one) this.#step(one, this.#answer(one, answer, { at, isNew: false }), at)
  }

  /** A scanner of this server refused a whole message of this sender as spam. */
  stopped(who: LoggedSender, at: number): void {
    const one = this.#sender(who, at)
    if (!one) return
    one.stoppedHere++
    one.lastAt = at
    this.#step(one, [{ kind: 'message', recipients: 1, firstTimers: 0, judged: 'spam' }], at)
  }

  #sender(who: LoggedSender, at: number): Weighed | undefined {
    const before = this.of(who)
    if (before) return before
    if (who.kind !== 'address' && this.#all.size >= MOST_SENDERS) {
      this.left++
      return undefined
    }
    const made = newSender(who, at)
    if (who.kind === 'address') this.#addresses.set(who.name, made)
    else this.#all.set(keyOf(who), made)
    return made
  }

  /** Whether it is new; an address that is known stays so. */
  #learn({ known }: Weighed, recipient: string): boolean {
    const hash = hashOf(recipient)
    if (known.has(hash)) {
      known.delete(hash)
      known.add(hash)
      return false
    }
    if (known.size >= MOST_KNOWN) {
      const [oldest] = known
      if (oldest !== undefined) known.delete(oldest)
    }
    known.add(hash)
    return true
  }

  /** A stranger wrote to a login of ours: the answer goes to a known address. */
  #credit({ sender, answers }: LoggedMail): void {
    if (sender === '') return
    for (const { recipient, local, outcome } of answers) {
      if (!local || outcome !== 'sent') continue
      const folded = foldAddress(recipient)
      const one =
        this.#all.get(`login:${folded}`) ??
        this.#all.get(`login:${folded.slice(0, folded.lastIndexOf('@'))}`)
      if (one) this.#learn(one, sender)
    }
  }

  /** Of a login away from where it was first seen. */
  #network(one: Weighed, { address, at, who }: LoggedMail): number | undefined {
    if (who.kind !== 'login' || address === undefined) return undefined
    const network = networkNumber(address)
    one.networks.add(network)
    if (at - one.day > DAY) {
      one.day = at
      one.dayMessages = 0
      one.dayNetworks.clear()
    }
    one.dayMessages++
    one.dayNetworks.add(network)
    one.home ??= network
    return network === one.home ? undefined : network
  }

  #answer(
    one: Weighed,
    { recipient, outcome, local, result }: LoggedAnswer,
    { at, isNew: toFirstTimer }: { readonly at: number; readonly isNew: boolean },
  ): Observation[] {
    if (outcome === 'deferred') return []
    const domain = organisationalDomain(domainOf(recipient))
    one.answers++
    if (outcome === 'sent') {
      if (!local) this.#tookMail(domain)
      return [{ kind: 'answer', toFirstTimer, said: 'taken' }]
    }
    if (result === 'unknown-user') {
      one.unknownUsers++
      return [{ kind: 'answer', toFirstTimer, said: 'no-such-user' }]
    }
    if (result !== 'spam-refused') return []
    one.refusedAsSpam++
    // Once a day of one domain; a domain that takes no mail at all refuses the server, not the sender.
    const key = `${domain} ${Math.floor(at / DAY)}`
    if (one.refusers.has(key)) return []
    if (one.refusers.size < MOST_DOMAINS * 16) one.refusers.add(key)
    return [{ kind: 'answer', toFirstTimer, said: 'refused-as-spam' }]
  }

  #tookMail(domain: string): void {
    if (this.#took.size < MOST_SENDERS) this.#took.add(domain)
  }

  #step(one: Weighed, observations: readonly Observation[], at: number): void {
    if (observations.length === 0 || at < this.#since) return
    one.record = step(one.record, observations, at).state
    const x = suspicion(one.record)
    const decision = decide(one.record)
    const everNew =
      one.dayMessages >= EVER_NEW.messages &&
      one.dayNetworks.size >= EVER_NEW.share * one.dayMessages &&
      one.record.numbers.networkNats >= EVER_NEW.nats
    one.gravest = graver(one.gravest, {
      decision,
      x,
      at,
      everNew,
      messages: one.messages,
      kinds: kindsOf(one.record),
    })
  }
}

const rank = ({ decision }: Gravest): number => GRAVER.indexOf(decision)

/** The gravest decision with its time; the sum and its kinds where it was highest. */
function graver(before: Gravest, now: Gravest): Gravest {
  if (rank(now) <= rank(before) && now.x <= before.x && (before.everNew || !now.everNew))
    return before
  const isGraver =
    rank(now) > rank(before) ||
    (before.at === 0 && now.x >= LOOK_AT) ||
    (now.everNew && !before.everNew)
  return {
    decision: rank(now) > rank(before) ? now.decision : before.decision,
    at: isGraver ? now.at : before.at,
    messages: isGraver ? now.messages : before.messages,
    everNew: before.everNew || now.everNew,
    ...(now.x > before.x ? { x: now.x, kinds: now.kinds } : { x: before.x, kinds: before.kinds }),
  }
}

const GRAVER: readonly EpisodeDecision[] = [
  'pace',
  'hold',
  'refuse-source',
  'refuse-network',
  'stop-login',
  'isolate',
]

export const keyOf = ({ kind, name }: LoggedSender): string => `${kind}:${name}`

/** 53 bits of it: two people with one number are one in 10^9 at 4,000 correspondents. */
function hashOf(address: string): number {
  const folded = foldAddress(address)
  return (fnv1a(folded) & 0x1fffff) * 0x1_0000_0000 + fnv1a(`${folded}/2`)
}

const newSender = (who: LoggedSender, at: number): Weighed => ({
  who,
  record: newRecord('login', at, ALLOWANCES.person),
  messages: 0,
  recipients: 0,
  judgedNew: 0,
  firstTimers: 0,
  answers: 0,
  unknownUsers: 0,
  refusedAsSpam: 0,
  stoppedHere: 0,
  domains: new Set(),
  networks: new Set(),
  day: 0,
  dayMessages: 0,
  dayNetworks: new Set(),
  home: undefined,
  known: new Set(),
  refusers: new Set(),
  gravest: { decision: 'pace', x: 0, at: 0, everNew: false, messages: 0, kinds: [] },
  lastAt: at,
  ids: [],
  examples: [],
})
