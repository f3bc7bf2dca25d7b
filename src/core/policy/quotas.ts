// Quotas and accounting in the operator's own words: so many messages, recipients, bytes or people never written to before, by
// login, line, network, address, sender, domain or recipient, or several of these together; in a rolling window, or in a
// calendar day, week or month. All quotas of a message are taken together or not at all, and refused mail is never charged.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Op } from '../../model/counter.ts'
import { DAY, formatDuration, HOUR, MINUTE } from '../../model/duration.ts'
import { MAX_HOLD } from '../../model/decision.ts'
import { maskIp, NO_ADDRESS } from '../../model/ip.ts'
import { domainOf, personOf } from '../../model/mail-address.ts'
import type { AttributedStep, ListenerKind } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Period, QuotaCount, QuotaKey } from '../../model/quota.ts'
import { periodOf } from './period.ts'
import type { Known, Mode, Rule } from './rule.ts'

export type Quota = {
  /** `quotas[].name`, must be given. */
  readonly name: string
  /** `quotas[].listeners`, submission, trusted-network by default, submission, trusted-network, inbound or redirected. */
  readonly listeners: readonly ListenerKind[]
  /** Counted for each combination of these, a message without one of them not at all: `quotas[].per`, must be given. */
  readonly per: readonly QuotaKey[]
  /** `quotas[].count`, messages by default, messages, recipients, bytes, first-time or distinct-recipients. */
  readonly count: QuotaCount
  /** `quotas[].limit`, must be given, 1 to 1000000000. */
  readonly limit: number
  /** A rolling window in ms, or a period of the calendar: `quotas[].in`, must be given, 1s to 366d. */
  readonly in: number | Period
  /** `quotas[].over`, hold by default, hold, defer or reject. */
  readonly over: 'hold' | 'defer' | 'reject'
}

export type QuotaSettings = {
  readonly quotas: readonly Quota[]
  /** IANA time zone in which days begin: `timeZone`, UTC by default. */
  readonly timeZone: string
  /** What is behind it in a local part is the same mailbox. */
  readonly delimiter?: string
}

/** ms: the longest month, and an hour for a day on which clocks go back. */
const LONGEST: Readonly<Record<Period, number>> = {
  day: DAY + 60 * MINUTE,
  week: 7 * DAY + 60 * MINUTE,
  month: 31 * DAY + 60 * MINUTE,
}
/** ms. A held message is looked at again this soon even when there is no room yet. */
const LOOK_AGAIN = 30 * MINUTE
/** ms. An hour less than any message may be held: it is sent before its sender would get it back, whatever the month has left. */
const LONGEST_HOLD = MAX_HOLD - HOUR

export function quotas(mode: Mode, settings: QuotaSettings): Rule {
  const { quotas: all } = settings
  const mine = (step: AttributedStep) => all.filter(one => one.listeners.includes(step.listener))
  const counted = (step: AttributedStep) =>
    mine(step).flatMap(quota => operations(quota, step, settings).map(op => ({ quota, op })))
  return {
    name: 'quotas',
    about:
      'Your own limits, per login, line, address and more, over a rolling window or by the calendar.',
    reasons: ['over-quota'],
    listeners: ['inbound', 'submission', 'trusted-network', 'redirected'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    counts: step => counted(step).map(({ op }) => op),
    decide: (step, known) => {
      const found = known.over && counted(step)[known.over.index]
      return found ? verdictOf(found, step, known) : undefined
    },
  }
}

function verdictOf(
  { quota, op }: { readonly quota: Quota; readonly op: Op },
  step: AttributedStep,
  known: Known,
): Verdict {
  if (quota.over !== 'hold') return { kind: quota.over, reason: 'over-quota' }
  const room = Math.max(known.over?.resetAt ?? 0, step.at + LOOK_AGAIN)
  const until = Math.min(room, step.at + LONGEST_HOLD)
  return { kind: 'hold', reason: 'over-quota', until, help: inWords(quota, op, known) }
}

const OF_WHAT: Readonly<Record<QuotaCount, string>> = {
  messages: 'messages',
  recipients: 'recipients',
  bytes: 'bytes',
  'first-time': 'people never written to before',
  'distinct-recipients': 'different recipients',
}

/** Which quota, and how much of it was used. */
function inWords(
  { name, limit, count, in: span }: Quota,
  op: Op,
  { over, readings }: Known,
): string {
  const before = readings[over?.index ?? 0]?.value ?? 0
  const amount = op.op === 'sum' ? `, and ${op.amount} with it` : ''
  const time = typeof span === 'number' ? formatDuration(span) : `a ${span}`
  return `the quota ${name} is ${limit} ${OF_WHAT[count]} in ${time}; ${before} before this message${amount}`
}

function operations(quota: Quota, step: AttributedStep, settings: QuotaSettings): Op[] {
  const { timeZone, delimiter } = settings
  const window = typeof quota.in === 'number' ? quota.in : LONGEST[quota.in]
  // The period is in the key: when it is over another sum begins.
  const period = typeof quota.in === 'number' ? '' : `/${periodOf(step.at, quota.in, timeZone)}`
  const common = { window, limit: quota.limit }
  return keysOf(quota, step, delimiter).map(({ key, recipients }): Op => {
    const counted = { ...common, key: `${key}#quota-${quota.name}${period}` }
    return quota.count === 'distinct-recipients'
      ? {
          op: 'distinct',
          members: (step.recipients ?? []).map(to => personOf(to, delimiter)),
          ...counted,
        }
      : { op: 'sum', amount: amountOf(quota.count, step, recipients), ...counted }
  })
}

/** By recipient there is a key for each of them, and each counts for one. */
function keysOf(
  quota: Quota,
  step: AttributedStep,
  delimiter?: string,
): { key: string; recipients: number }[] {
  const all = step.recipients ?? []
  const others = quota.per
    .filter(key => key !== 'recipient')
    .map(key => valueOf(key, step, delimiter))
  if (others.includes(undefined)) return []
  const key = quota.per
    .filter(one => one !== 'recipient')
    .map((one, i) => `${one}:${others[i]}`)
    .join(' ')
  if (!quota.per.includes('recipient'))
    return [{ key, recipients: step.recipientCount ?? all.length }]
  return all.map(one => ({
    key: `${key} recipient:${personOf(one, delimiter)}`.trim(),
    recipients: 1,
  }))
}

function valueOf(key: QuotaKey, step: AttributedStep, delimiter?: string): string | undefined {
  switch (key) {
    case 'login':
      return step.login
    case 'line':
      return step.who.sure === 'certain' ? step.who.subscriber : undefined
    case 'address':
      return placeOf(step)
    case 'network':
      return placeOf(step, maskIp)
    case 'sender':
      return step.sender ? personOf(step.sender, delimiter) : undefined
    case 'sender-domain':
      return step.sender ? domainOf(step.sender) : undefined
    case 'organisation':
      return step.sender ? organisationalDomain(domainOf(step.sender)) : undefined
    case 'recipient':
      return undefined
    default:
      return key satisfies never
  }
}

/** Where the address is not known, the login stands for the place. */
const placeOf = (
  { client: { address }, login }: AttributedStep,
  of = (known: string) => known,
): string | undefined => (address === NO_ADDRESS ? login : of(address))

function amountOf(
  count: Exclude<QuotaCount, 'distinct-recipients'>,
  step: AttributedStep,
  recipients: number,
): number {
  switch (count) {
    case 'messages':
      return 1
    case 'recipients':
      return recipients
    case 'bytes':
      return step.message?.size ?? step.size ?? 0
    case 'first-time':
      return step.firstTime ?? 0
    default:
      return count satisfies never
  }
}
