// Every sender of a log, weighed by the core of evidence by episodes on the log's own clock, as live. Not known from a log: what a message
// contains, and of the first day, which recipients are new.

import { newRecord, type SubjectRecord } from '../../core/detection/episodes/state.ts'
import { advance, type Observation } from '../../core/detection/episodes/step.ts'
import { ALLOWANCES } from '../../core/detection/episodes/tables.ts'
import { networkNumber } from '../../engine/evidence/episode-facts.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { BoundedMap } from '../../model/bounded-map.ts'
import { DAY } from '../../model/duration.ts'
import { fnv1a } from '../../model/fnv-1a.ts'
import type { LoggedAnswer, LoggedMail, LoggedSender } from '../../model/logged-mail.ts'
import { domainOf, foldAddress } from '../../model/mail-address.ts'
import { type Gravest, graver, NOTHING_GRAVE } from './gravest.ts'
import { Lately } from './lately.ts'
import { ServedDomains } from './served-domains.ts'

export type Example = { readonly file: string; readonly number: number; readonly raw: string }

export type Weighed = {
  readonly who: LoggedSender
  readonly record: SubjectRecord
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
  readonly known: Set<number>
  readonly refusers: Set<string>
  readonly lately: Lately
  /** Where it sent from last. */
  at: { readonly address: string; readonly network: number }
  home: number | undefined
  gravest: Gravest
  lastAt: number
  /** Of messages, latest last: for the commands that hold them. */
  readonly ids: string[]
  readonly examples: Example[]
}

/** Correspondents of one sender that are remembered, as live. */
const MOST_KNOWN = 8192
const MOST_SENDERS = 100_000
/** Client addresses, nearly all of them strangers: the one that came first is forgotten. */
const MOST_ADDRESSES = 20_000
const MOST_DOMAINS = 64
/** Ids of one sender's messages: so many are kept, and up to twice as many. */
export const MOST_IDS = 100
const MOST_ORGANISATIONS = 10_000
/** Recipients are new only after the log has shown a day of mail. [est] */
const WARM_UP = DAY
/** Networks of one login that are remembered. */
const MOST_NETWORKS = 4096

export class Senders {
  readonly #logins = new Map<string, Weighed>()
  readonly #unsure = new Map<string, Weighed>()
  readonly #users = new Map<string, Weighed>()
  readonly #lines = new Map<string, Weighed>()
  readonly #addresses = new BoundedMap<string, Weighed>(MOST_ADDRESSES)
  readonly #organisations = new BoundedMap<string, string>(MOST_ORGANISATIONS)
  readonly served = new ServedDomains()
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
    return [this.#logins, this.#unsure, this.#users, this.#lines, this.#addresses].flatMap(some => [
      ...some.values(),
    ])
  }

  of(who: LoggedSender): Weighed | undefined {
    // Lines of one message follow each other.
    if (this.#last?.who === who) return this.#last.found
    const found = this.#find(who)
    if (found) this.#last = { who, found }
    return found
  }

  #find({ kind, name }: LoggedSender): Weighed | undefined {
    return kind === 'address' ? this.#addresses.get(name) : this.#named(kind).get(name)
  }

  #named(kind: Exclude<LoggedSender['kind'], 'address'>): Map<string, Weighed> {
    if (kind === 'line') return this.#lines
    return kind === 'login' ? this.#logins : kind === 'unsure' ? this.#unsure : this.#users
  }

  mail(mail: LoggedMail): void {
    if (mail.at < this.#began) this.#began = mail.at
    const { who } = mail
    if (who.kind === 'address' || who.kind === 'line') this.#credit(mail)
    const one = this.#sender(who, mail.at)
    if (!one) return
    const isNewLog = mail.at - this.#began < WARM_UP
    const answered = mail.answers.map(answer => ({
      answer,
      domain: this.#organisation(answer.recipient),
      isNew: this.#learn(one, answer.recipient),
    }))
    const { network, isNew: isNewNetwork } = this.#network(one, mail)
    if (mail.at < this.#since) return
    one.messages++
    one.recipients += mail.recipients
    one.lastAt = mail.at
    one.ids.push(mail.id)
    if (one.ids.length > 2 * MOST_IDS) one.ids.splice(0, MOST_IDS)
    let fresh = 0
    let taken = false
    for (const { answer, domain, isNew } of answered) {
      if (isNew) fresh++
      if (answer.local) continue
      if (who.kind === 'address') this.served.wrote(domain, who.name)
      if (one.domains.size < MOST_DOMAINS) one.domains.add(domain)
      taken ||= answer.outcome === 'sent'
    }
    const all = answered.length
    if (!isNewLog) {
      one.judgedNew += all
      one.firstTimers += fresh
    }
    one.lately.message(mail.at, mail.id, isNewNetwork ? all > 0 && fresh === all : undefined)
    const message = {
      kind: 'message',
      recipients: isNewLog ? 0 : all,
      firstTimers: isNewLog ? 0 : fresh,
      judged: 'unseen',
      ...(network === undefined ? {} : { network }),
    } as const
    // What became of it is known with it.
    const observed: Observation[] = [message]
    for (const { answer, domain, isNew } of answered) {
      const said = this.#answer(one, answer, { mail, at: mail.at, domain, isNew })
      if (said) observed.push(said)
    }
    // Known people took it: the network is its own.
    if (network !== undefined && fresh === 0 && taken) observed.push({ kind: 'proper', network })
    this.#step(one, observed, mail.at)
  }

  later(mail: LoggedMail, answer: LoggedAnswer, at: number): void {
    const one = this.of(mail.who)
    if (!one) return
    const domain = this.#organisation(answer.recipient)
    const said = this.#answer(one, answer, { mail, at, domain, isNew: false })
    if (said) this.#step(one, [said], at)
  }

  /** A scanner of this server refused a whole message of this sender as spam. */
  stopped(who: LoggedSender, at: number): void {
    const one = this.#sender(who, at)
    if (!one) return
    one.stoppedHere++
    one.lastAt = at
    one.lately.answer(at, '', { refusedBy: `here ${one.stoppedHere}` })
    this.#step(one, [{ kind: 'message', recipients: 1, firstTimers: 0, judged: 'spam' }], at)
  }

  #sender(who: LoggedSender, at: number): Weighed | undefined {
    const before = this.of(who)
    if (before) return before
    const named = this.#logins.size + this.#unsure.size + this.#users.size + this.#lines.size
    if (who.kind !== 'address' && named >= MOST_SENDERS) {
      this.left++
      return undefined
    }
    const made = newSender(who, at)
    if (who.kind === 'address') this.#addresses.set(who.name, made)
    else this.#named(who.kind).set(who.name, made)
    return made
  }

  /** Whether it is new; an address that is known stays so. */
  #learn({ known }: Weighed, recipient: string): boolean {
    const hash = hashOf(recipient)
    if (known.has(hash)) {
      // Whom to forget first matters only where there may be too many.
      if (known.size > MOST_KNOWN / 2) {
        known.delete(hash)
        known.add(hash)
      }
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
        this.#logins.get(folded) ?? this.#logins.get(folded.slice(0, folded.lastIndexOf('@')))
      if (one) this.#learn(one, sender)
    }
  }

  /** Of a login away from where it was first seen, and whether it was never seen there. */
  #network(
    one: Weighed,
    { address, who }: LoggedMail,
  ): { readonly network?: number; readonly isNew: boolean } {
    if (who.kind !== 'login' || address === undefined) return { isNew: false }
    if (address !== one.at.address) one.at = { address, network: networkNumber(address) }
    const { network } = one.at
    const isNew = !one.networks.has(network)
    if (isNew && one.networks.size < MOST_NETWORKS) one.networks.add(network)
    one.home ??= network
    return { isNew, ...(network === one.home ? {} : { network }) }
  }

  #answer(
    one: Weighed,
    { outcome, result }: LoggedAnswer,
    { mail, at, domain, isNew: toFirstTimer }: AnsweredMail,
  ): Observation | undefined {
    if (outcome === 'deferred') return undefined
    one.answers++
    // A stranger's mail to people of a domain that this server takes mail for.
    if (one.who.kind === 'address' && this.served.has(domain)) return undefined
    const { lately } = one
    if (outcome === 'sent') {
      lately.answer(at, mail.id, 'taken')
      return { kind: 'answer', toFirstTimer, said: 'taken' }
    }
    if (result === 'unknown-user') {
      one.unknownUsers++
      lately.answer(at, mail.id, 'gone')
      return { kind: 'answer', toFirstTimer, said: 'no-such-user' }
    }
    if (result !== 'spam-refused') return undefined
    one.refusedAsSpam++
    lately.answer(at, mail.id, { refusedBy: domain })
    // Once a day of one domain; a domain that takes no mail at all refuses the server, not the sender.
    const key = `${domain} ${Math.floor(at / DAY)}`
    if (one.refusers.has(key)) return undefined
    if (one.refusers.size < MOST_DOMAINS * 16) one.refusers.add(key)
    return { kind: 'answer', toFirstTimer, said: 'refused-as-spam' }
  }

  /** Organisations of domains are few, and asked for with each recipient. */
  #organisation(recipient: string): string {
    const domain = domainOf(recipient)
    const before = this.#organisations.get(domain)
    if (before !== undefined) return before
    const found = organisationalDomain(domain)
    this.#organisations.set(domain, found)
    return found
  }

  #step(one: Weighed, observations: readonly Observation[], at: number): void {
    if (observations.length === 0 || at < this.#since) return
    advance(one.record, observations, at)
    one.gravest = graver(one, at)
  }
}

type AnsweredMail = {
  readonly mail: LoggedMail
  readonly at: number
  /** Of the recipient, as an organisation. */
  readonly domain: string
  readonly isNew: boolean
}

const SECOND_HALF = 0x9e3779b9

/** 53 bits of it: two people with one number are one in 10^9 at 4,000 correspondents. */
function hashOf(address: string): number {
  const folded = foldAddress(address)
  // What is appended would say nothing new: the second half needs a beginning of its own.
  return (fnv1a(folded) & 0x1fffff) * 0x1_0000_0000 + fnv1a(folded, 0, SECOND_HALF)
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
  known: new Set(),
  refusers: new Set(),
  lately: new Lately(),
  at: { address: '', network: 0 },
  home: undefined,
  gravest: NOTHING_GRAVE,
  lastAt: at,
  ids: [],
  examples: [],
})
