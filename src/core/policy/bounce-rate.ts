// Senders who mostly write to people who are not here, and systems that refuse the reports of mail they really sent. A bare
// percentage would convict a sender that mistypes one address of three; this is a sequential test (Wald; p0 = .10, p1 = .50), begun
// anew in each window. Judged is the organisational domain that SPF vouches for; an address only where SPF vouches for no domain,
// and never an address that sends for several domains: that is a pool. A sender from which much of our good mail comes is never
// refused: an alarm is raised instead.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Op } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import { domainOf } from '../../model/mail-address.ts'
import { firstAnswer, type Fact, type Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { isPublic } from './public-address.ts'
import type { Known, Mode, Rule } from './rule.ts'
import { vouchedDomain } from './vouched-domain.ts'

/** Off with `rules.bounce-rate: off`, which is the default. */
export type BounceRateSettings = {
  /** ms after which the test begins anew: `strangers.bounceRate.window`, 1d by default, 1m to 30d. */
  readonly window: number
  /**
   * Senders of a larger share (0 to 1) of the last week's mail are not refused: `strangers.bounceRate.fuse`, 0.001 by default, 0 to 1; 1:
   * all may be refused.
   */
  readonly fuse: number
}

/** What a recipient who is not here says for "half of them are not" against "one in ten", and what one who is says. */
const MISS = Math.log(0.5 / 0.1)
const HIT = Math.log(0.5 / 0.9)
/** One honest sender in a hundred thousand windows may be refused; eight misses in a row convict, five of ten do not. */
const CONVICTED = Math.log(1e5)
/** Beyond this nothing is added: some good recipients, and it is let in again. */
const TOP = CONVICTED + 2 * MISS
const WEEK = 7 * DAY
/** Less mail than this in a week has no large senders. */
const ENOUGH = 10_000

export function bounceRate(
  mode: Mode,
  settings: BounceRateSettings,
  isLocal: (domain: string) => boolean,
): Rule {
  const concerned = ({ client, sender, recipient, stage }: AttributedStep) =>
    isPublic(client.address) &&
    sender !== undefined &&
    sender !== '' &&
    (stage === 'message' || isLocal(domainOf(recipient ?? '')))
  return {
    name: 'bounce-rate',
    about:
      'A sender does not mostly write to unknown recipients, nor refuse reports of mail it sent (a sequential test, no percentage).',
    reasons: ['mostly-unknown', 'refuses-reports'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt', 'message'],
    mode,
    onFailure: 'accept',
    countsAttempts: ['rcpt'],
    asks: step => (concerned(step) ? questions(step) : []),
    counts: (step, facts) => {
      if (!concerned(step)) return []
      return step.stage === 'rcpt' ? attempted(step, facts, settings) : accepted(step, facts)
    },
    learns: event =>
      event.kind === 'delivery-done' || event.kind === 'delivery-failed'
        ? ofReport(event, settings)
        : [],
    decide: (step, known) =>
      step.stage === 'rcpt' && known.readings.length > 0
        ? decide(step, known, settings)
        : undefined,
  }
}

function questions({
  client,
  sender = '',
  helo = '',
  recipient,
  stage,
}: AttributedStep): Question[] {
  const spf = { about: 'spf', address: client.address, sender, helo } as const
  return stage === 'rcpt' ? [spf, { about: 'recipient', address: recipient ?? '' }] : [spf]
}

/** The sender that is judged: `@domain` where SPF vouches for it, else the address. */
function judgedAs(step: AttributedStep, facts: readonly Fact[]): { who: string; domain?: string } {
  const vouched = vouchedDomain(facts)
  if (vouched === undefined) return { who: step.client.address }
  const domain = organisationalDomain(vouched)
  return { who: `@${domain}`, domain }
}

/** Read below in this order. A recipient whose existence is not known counts for nothing. */
function attempted(
  step: AttributedStep,
  facts: readonly Fact[],
  { window }: BounceRateSettings,
): Op[] {
  const { who, domain } = judgedAs(step, facts)
  return [
    test(`unknown:${who}`, addOf(facts), { at: step.at, window }),
    test(`reports:${who}`, 0, { at: step.at, window }),
    {
      op: 'distinct',
      key: `sends-for:${step.client.address}`,
      members: domain === undefined ? [] : [domain],
      window: WEEK,
    },
    { op: 'sum', key: `${who}#taken`, amount: 0, window: WEEK },
    { op: 'sum', key: 'everybody#taken', amount: 0, window: WEEK },
  ]
}

function accepted(step: AttributedStep, facts: readonly Fact[]): Op[] {
  const { who } = judgedAs(step, facts)
  return [
    { op: 'sum', key: `${who}#taken`, amount: 1, window: WEEK },
    { op: 'sum', key: 'everybody#taken', amount: 1, window: WEEK },
  ]
}

function addOf(facts: readonly Fact[]): number {
  const exists = firstAnswer('recipient', facts)
  return exists === undefined ? 0 : exists ? HIT : MISS
}

/** The number of the window is in the key: in the next one the test begins anew. */
const test = (
  name: string,
  add: number,
  { at, window }: { readonly at: number; readonly window: number },
): Op => ({
  op: 'leak',
  key: `${name}/${Math.floor(at / window)}`,
  add,
  perDay: 0,
  max: TOP,
})

function decide(
  step: AttributedStep,
  { facts, readings }: Known,
  { fuse }: BounceRateSettings,
): Verdict | undefined {
  const [unknown, reports, pool, taken, all] = readings.map(({ value }) => value)
  const reason =
    (unknown ?? 0) >= CONVICTED
      ? 'mostly-unknown'
      : (reports ?? 0) >= CONVICTED
        ? 'refuses-reports'
        : undefined
  if (!reason) return undefined
  const { who, domain } = judgedAs(step, facts)
  if (domain === undefined && (pool ?? 0) > 1) return undefined
  const large = (all ?? 0) >= ENOUGH && (taken ?? 0) > fuse * (all ?? 0)
  if (!large) return { kind: 'reject', reason }
  // Said when the line is crossed, not for every recipient after that.
  const crossed = reason === 'mostly-unknown' && (unknown ?? 0) - addOf(facts) < CONVICTED
  if (!crossed) return undefined
  const words = `most recipients of ${who} are not here, but more than ${fuse * 100} % of last week's mail came from it`
  return { kind: 'accept', alarm: { about: who, words } }
}

type Delivered = EventOf<'delivery-done'> | EventOf<'delivery-failed'>

/** What the fate of a report of ours says of the system it went to; nothing for all other mail. */
function ofReport(event: Delivered, { window }: BounceRateSettings): Op[] {
  if (!event.bounce) return []
  const add = event.kind === 'delivery-done' ? HIT : refusedReport(event) ? MISS : 0
  if (add === 0) return []
  const who = `@${organisationalDomain(domainOf(event.recipient))}`
  return [test(`reports:${who}`, add, { at: event.at, window })]
}

/** A system may refuse a report because the mailbox is gone, or because it knows that it did not send the mail (BATV). */
function refusedReport({ permanent, result, words = '' }: EventOf<'delivery-failed'>): boolean {
  if (!permanent || result === 'unknown-user' || result === 'mailbox-full') return false
  return !/batv|prvs|forge|(?:not|never) sen[dt]|backscatter|\b5\.1\.\d/i.test(words)
}
