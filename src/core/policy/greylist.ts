// Greylisting: a stranger's first attempt is deferred, because a mail server retries and most bots do not. Off by default,
// because it delays mail. A sender that retried often enough is exempt. A sender is its domain where SPF permits the server for that
// domain, so that a pool in many networks is one sender; otherwise it is the client's network. When all recipients of a mailing list
// are attempted again, that counts as one retry and not as many.

import type { MarkOp, Op } from '../../model/counter.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { fnv1a } from '../../model/fnv-1a.ts'
import { maskIp } from '../../model/ip.ts'
import { foldAddress, personOf } from '../../model/mail-address.ts'
import { answerTo, firstAnswer, type Fact, type Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { looksDynamic } from './dynamic-name.ts'
import { isPublic } from './public-address.ts'
import type { Known, Mode, Rule } from './rule.ts'
import { vouchedDomain } from './vouched-domain.ts'

/** Off with `rules.greylist: off`, which is the default. */
export type GreylistSettings = {
  /** ms that a first attempt is deferred: `strangers.greylist.delay`, 5m by default, 0s to 30d. */
  readonly delay: number
  /** ms within which the second attempt must come: `strangers.greylist.window`, 1d by default, 1s to 366d; longer than `delay`. */
  readonly window: number
  /** ms that a retry is remembered: `strangers.greylist.keep`, 35d by default, 1s to 3650d. */
  readonly keep: number
  /** A network is exempt after `count` retries, if they are at least `share` of its attempts. */
  readonly trusted: {
    /** `strangers.greylist.trustedCount`, 5 by default, 1 to 1,000,000. */
    readonly count: number
    /** `strangers.greylist.trustedShare`, 0.9 by default, 0 to 1; 0: `count` is enough. */
    readonly share: number
  }
  /** Attempts without a retry after which an address stays deferred: `strangers.greylist.distrusted`, 100 by default, 1 to 1,000,000. */
  readonly distrusted: number
  /** A sender with more than `recipients` deferred at once is a mailing list; it is deferred for `delay`. */
  readonly list: {
    /** `strangers.greylist.listRecipients`, 25 by default, 1 to 1,000,000. */
    readonly recipients: number
    /** ms: `strangers.greylist.listDelay`, 1h by default, 0s to 30d. */
    readonly delay: number
  }
  /**
   * Bits of an IPv4 address that make a network: servers of one pool are one sender. `strangers.greylist.prefixLength4`, 24 by default, 8
   * to 32.
   */
  readonly prefixLength4: number
  /** The same of IPv6: `strangers.greylist.prefixLength6`, 64 by default, 16 to 128. */
  readonly prefixLength6: number
  /**
   * A pool is known by its domain (SPF): `strangers.greylist.bySpf`, true by default; false: by its network alone, and the DNS is not
   * asked.
   */
  readonly bySpf: boolean
  /** DNS lists of good servers; a server in one of them is exempt: `strangers.greylist.knownGood`, nothing by default; none when empty. */
  readonly knownGood: readonly string[]
  /**
   * All clients, or only those that SPF does not vouch for and that have no name, or one like a dial-in line's: `strangers.greylist.of`,
   * all by default, all or suspicious.
   */
  readonly of: 'all' | 'suspicious'
  /** What is behind it in a local part is the same mailbox. */
  readonly delimiter?: string
}

export function greylist(mode: Mode, settings: GreylistSettings): Rule {
  const asked = (step: AttributedStep) =>
    isPublic(step.client.address) && step.sender !== undefined && step.login === undefined
  return {
    name: 'greylist',
    about:
      'A stranger’s first attempt is deferred; a client that retries, as real servers do, is accepted.',
    reasons: ['greylisted'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt', 'message'],
    mode,
    onFailure: 'accept',
    asks: step => (asked(step) ? questions(step, settings) : []),
    counts: (step, facts) => {
      if (!asked(step)) return []
      const keys = keysOf(step, facts, settings)
      return step.stage === 'rcpt' ? lookedAt(step, keys, settings) : cameBack(step, keys, settings)
    },
    // A sender that is waiting already is remembered already.
    remembers: (step, { facts, readings }) => {
      if (!asked(step) || readings[WAITING]?.first !== undefined) return []
      const keys = keysOf(step, facts, settings)
      // It waits with its network, which waits already.
      if (isFull(readings))
        return readings[ALL_OF_IT]?.first === undefined ? [wholeNetwork(keys, settings)] : []
      return attempted(step, keys, settings)
    },
    decide: (step, known) =>
      step.stage === 'rcpt' && known.readings.length > 0 && isConcerned(step, known.facts, settings)
        ? decide(step.at, known, settings)
        : undefined,
  }
}

/**
 * Places in what is read: the triplet that waits, what its network passed and tried, the network as a whole, and all that is remembered.
 */
const [WAITING, PASSED, TRIED, ALL_OF_IT, ROWS] = [0, 1, 2, 5, 6]

/** Triplets of one network that are waited for; further ones of it wait as one. A counter tells no more than 1,024 apart. */
const OF_NETWORK = 500
/** First attempts that are remembered, within `keep`: beyond these no new one is deferred, because it could never come back. */
const OF_ALL = 500_000
/**
 * Networks of which something passed lie in so many rows of 1,024, some 500,000 in all; beyond these the one of its row without mail for
 * longest goes.
 */
const NETWORK_ROWS = 512

type Readings = Known['readings']
const isFull = (readings: Readings) =>
  (readings[TRIED]?.value ?? 0) - (readings[PASSED]?.value ?? 0) >= OF_NETWORK

const wholeNetwork = ({ network }: Keys, { window }: GreylistSettings): MarkOp => ({
  op: 'mark',
  key: `grey:${network}`,
  ttl: window,
})

/** The row of networks in which this one is, once an attempt of it was deferred. */
const rowOf = (network: string) => `grey-networks:${fnv1a(network, 0) % NETWORK_ROWS}`
/** Of what passed, a network that waited once remembers the last 1,024; of others nothing is kept. An accepted message adds no row. */
const remembered = ({ network }: Keys) => ({ among: { key: rowOf(network), member: network } })

/** In this order they are read below. */
function lookedAt(step: AttributedStep, keys: Keys, settings: GreylistSettings): Op[] {
  const { network, sender } = keys
  const { keep, delimiter } = settings
  const triplet = `${sender} ${personOf(step.recipient ?? '', delimiter)}`
  const members = [triplet]
  // Where nothing comes after RCPT, it passes here.
  const asked = step.commits ? remembered(keys) : ({ asks: true } as const)
  return [
    { op: 'mark', key: `grey:${triplet}`, ttl: settings.window, asks: true },
    { op: 'distinct', key: `grey-passed:${network}`, members, window: keep, ...asked },
    { op: 'distinct', key: `grey-tried:${network}`, members, window: keep, ...asked },
    {
      op: 'distinct',
      key: `grey-lost:${step.client.address}`,
      members: NONE,
      window: keep,
      asks: true,
    },
    {
      op: 'distinct',
      key: `grey-list:${sender}`,
      members: NONE,
      window: settings.list.delay,
      asks: true,
    },
    { ...wholeNetwork(keys, settings), asks: true },
    { op: 'sum', key: REMEMBERED, amount: 0, window: keep },
  ]
}

function decide(at: number, known: Known, settings: GreylistSettings): Verdict | undefined {
  const [waiting, passed, tried, lost, list] = known.readings
  if (passed?.novel === 0) return undefined
  const { count, share } = settings.trusted
  const [came, all] = [passed?.value ?? 0, tried?.value ?? 0]
  // Both grow to a thousand and no further; so many came back, of so many.
  if (came >= count && came >= share * all) return undefined
  const deferred: Verdict = { kind: 'defer', reason: 'greylisted' }
  if ((lost?.value ?? 0) >= settings.distrusted && came === 0) return deferred
  if (isFull(known.readings)) {
    const since = known.readings[ALL_OF_IT]?.first
    return since !== undefined && at - since >= settings.delay ? undefined : deferred
  }
  if (waiting?.first === undefined && (known.readings[ROWS]?.value ?? 0) >= OF_ALL) return undefined
  const isList = (list?.value ?? 0) > settings.list.recipients
  const delay = isList ? settings.list.delay : settings.delay
  return waiting?.first !== undefined && at - waiting.first >= delay ? undefined : deferred
}

/** What is remembered of a deferred attempt. */
function attempted(
  step: AttributedStep,
  { network, sender }: Keys,
  settings: GreylistSettings,
): Op[] {
  const recipient = personOf(step.recipient ?? '', settings.delimiter)
  const triplet = [`${sender} ${recipient}`]
  const { keep } = settings
  return [
    { op: 'mark', key: `grey:${triplet[0]}`, ttl: settings.window },
    { op: 'distinct', key: `grey-tried:${network}`, members: triplet, window: keep },
    { op: 'distinct', key: `grey-lost:${step.client.address}`, members: triplet, window: keep },
    { op: 'sum', key: REMEMBERED, amount: 1, window: keep },
    { op: 'distinct', key: rowOf(network), members: [network], window: keep },
    {
      op: 'distinct',
      key: `grey-list:${sender}`,
      members: [recipient],
      window: settings.list.delay,
    },
  ]
}

/** Of a message that is taken. */
function cameBack(step: AttributedStep, keys: Keys, settings: GreylistSettings): Op[] {
  const { network, sender } = keys
  const few = remembered(keys)
  const triplets = (step.recipients ?? [step.recipient ?? '']).map(
    to => `${sender} ${personOf(to, settings.delimiter)}`,
  )
  const { keep } = settings
  return [
    { op: 'distinct', key: `grey-passed:${network}`, members: triplets, window: keep, ...few },
    { op: 'distinct', key: `grey-tried:${network}`, members: triplets, window: keep, ...few },
  ]
}

const REMEMBERED = 'grey-rows'
const NONE: readonly string[] = Object.freeze([])

/** The network, or the domain it sends for; and that with the sender. */
type Keys = { readonly network: string; readonly sender: string }

function keysOf(
  step: AttributedStep,
  facts: readonly Fact[],
  { prefixLength4, prefixLength6 }: GreylistSettings,
): Keys {
  const domain = vouchedDomain(facts)
  const network =
    domain === undefined
      ? maskIp(step.client.address, prefixLength4, prefixLength6)
      : `@${organisationalDomain(domain)}`
  return { network, sender: `${network} ${foldSender(step.sender ?? '')}` }
}

/** Each is found again by what it is about. */
function questions(
  { client: { address }, sender = '', helo = '' }: AttributedStep,
  { bySpf, knownGood, of }: GreylistSettings,
): Question[] {
  return [
    ...(bySpf ? [{ about: 'spf', address, sender, helo } as const] : []),
    ...knownGood.map((zone): Question => ({ about: 'listed', zone, of: address })),
    ...(of === 'suspicious' ? [{ about: 'reverse-name', address } as const] : []),
  ]
}

/** With `suspicious`, a reverse name that cannot be looked up counts for the sender: mail is not deferred because a DNS lookup failed. */
function isConcerned(
  { client: { address } }: AttributedStep,
  facts: readonly Fact[],
  { of }: GreylistSettings,
): boolean {
  const good = facts.some(fact => (answerTo('listed', fact) ?? []).length > 0)
  if (good) return false
  if (of === 'all') return true
  if (vouchedDomain(facts) !== undefined) return false
  const names = firstAnswer('reverse-name', facts)
  return names?.confirmed.every(name => looksDynamic(name, address)) ?? false
}

/**
 * What changes from one message of a mailing list to the next is taken out: VERP (everything after the first + or between -
 * and a number), BATV (prvs=…=) and SRS tags.
 */
export function foldSender(sender: string): string {
  const text = foldAddress(sender)
  const at = text.lastIndexOf('@')
  const local = at < 0 ? text : text.slice(0, at)
  const untagged = /^(?:prvs|btv1|srs)/.test(local)
    ? local.replace(/^(?:prvs|btv1)=+[^=]+=+/, '').replace(/^srs[01][=+-].*$/, 'srs')
    : local
  const plus = untagged.indexOf('+')
  const kept = plus < 0 ? untagged : untagged.slice(0, plus)
  return `${kept.replaceAll(NUMBER, '#')}${at < 0 ? '@' : text.slice(at)}`
}
/** Hexadecimal digits with a decimal one among them; from their beginning only, or a long word without any takes time squared. */
const NUMBER = /(?<![0-9a-f])[a-f]*\d[0-9a-f]*/g
