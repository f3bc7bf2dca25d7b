// Writes to the owner of an incident, once, through our own queue, and notes that it was done.

import { evidenceWords, named, sentencesOf } from '../../languages/languages.ts'
import { writeNotice } from '../../core/notices/notice.ts'
import type { NoticeFacts, NoticeKind } from '../../languages/notice-words.ts'
import { compose } from '../../mail/compose.ts'
import { type SigningKeys, dkimSign } from '../../mail/dkim-sign.ts'
import { isLine, type LedgerRow, saysSpam, subjectName } from '../../model/evidence.ts'
import { DAY } from '../../model/duration.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { Incident } from '../../model/incident.ts'
import { languageOf, type Subscriber } from '../../model/subscriber.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Engine } from '../../ports/engine.ts'
import { type Cases, EVIDENCE_KEPT } from '../../ports/cases.ts'
import type { Names } from '../../ports/names.ts'
import type { Notices } from '../../ports/notices.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { type CaseStore, changeCase } from '../evidence/change-case.ts'
import { post } from '../intake/internal-mail.ts'
import type { Reporter } from '../evidence/report.ts'

export type NotifyParts = {
  readonly engine: Pick<Engine, 'open'>
  readonly cases: CaseStore & Pick<Cases, 'evidence'>
  readonly notices: Pick<Notices, 'addNotices'>
  readonly subscribers: Subscribers
  readonly names: Names
  readonly reporter: Pick<Reporter, 'note'>
  readonly provider: string
  readonly portal: string
  readonly passwordsAt?: string | undefined
  /** The time zone of times in letters. */
  readonly timeZone: () => string
  readonly ourName: string
  readonly mailDomain: string
  readonly dkim: SigningKeys | undefined
  /** The network drivers; without any, letters do not say that the network enforces a decision. */
  readonly network: readonly unknown[]
}

/** How many of the units of evidence are told to the owner: enough to believe it, few enough to read. */
const SHOWN = 5

export type NoticeLetter = {
  /** Names the letter's occasion: one letter is sent for it. */
  readonly once: string
  readonly kind: NoticeKind
  readonly at: number
  /** When the decision ends by itself, where the letter says so. */
  readonly until?: number
}

/** Tells the owner of an incident what became of it. `once`: what the letter is called, of which the queue takes one. */
export async function notify(
  parts: NotifyParts,
  incident: Incident,
  { once, kind, at, until }: NoticeLetter,
): Promise<void> {
  const owner = ownerOf(parts, incident)
  if (!owner) return
  const all = await parts.cases.evidence(incident.subject, EVIDENCE_KEPT)
  const units = all.slice(-SHOWN)
  const minute = (when: number) => minuteIn(parts.timeZone(), when)
  const id = await writeLetter(parts, owner, {
    kind,
    at,
    once,
    caseCode: incident.caseCode,
    since: minute(firstSeen(incident, all)),
    ...(until === undefined ? {} : { until: minute(until) }),
    seen: units.map(unit => `${minute(unit.at)}: ${evidenceWords(owner.language, unit)}`).reverse(),
    spam: saysSpam(incident.kinds),
    ...(isLine(incident.subject) ? {} : { login: subjectName(incident.subject) }),
  })
  if (id === undefined) return
  const to = owner.contacts[0] ?? ''
  const notices = [{ id, incident: incident.id, subscriber: owner.id, at, notice: kind, to }]
  const saved = await changeCase(parts.cases, incident.subject, ({ incident: latest }) =>
    latest?.id === incident.id ? { incident: { ...latest, noticeAt: at }, notices } : undefined,
  )
  if (!saved) await parts.notices.addNotices(notices)
  parts.reporter.note({
    kind: 'notice-sent',
    id: `notice.${id}`,
    at,
    incident: incident.id,
    subscriber: owner.id,
    to,
    notice: kind,
  })
}

/** What was seen before a release was found to be over, or a mistake; and a case that staff opened is older than its first sign. */
export function firstSeen(
  { openedAt, releasedAt = openedAt }: Pick<Incident, 'openedAt' | 'releasedAt'>,
  units: readonly Pick<LedgerRow, 'at'>[],
): number {
  const times = units.map(({ at }) => at).filter(at => at >= Math.max(openedAt, releasedAt))
  return times.length === 0 ? openedAt : Math.min(...times)
}

/** Whether there is an owner to tell: a customer, or the user of a login that is a mail address. */
export const hasOwner = ({
  subject,
  subscriber,
}: Pick<Incident, 'subject' | 'subscriber'>): boolean =>
  subscriber !== undefined || addressOf(subject) !== undefined

export type Owner = Pick<Subscriber, 'id' | 'language' | 'contacts'>

function ownerOf(
  { subscribers }: Pick<NotifyParts, 'subscribers'>,
  { subject, subscriber }: Incident,
): Owner | undefined {
  return subscriber === undefined ? ofAddress(addressOf(subject)) : subscribers.get(subscriber)
}

/** Beside another server the list of customers may be empty: a letter goes to the login, if that is an address. */
export const ofAddress = (address: string | undefined): Owner | undefined =>
  address?.includes('@') ? { id: address, language: 'en', contacts: [address] } : undefined

function addressOf(subject: Incident['subject']): string | undefined {
  const name = isLine(subject) ? '' : subjectName(subject)
  return name.includes('@') ? name : undefined
}

/** Mail that waits because it is over a limit. */
export type OverLimit = {
  readonly subscriber: string | undefined
  readonly login: string | undefined
  readonly at: number
  /** Which limit, and by how much. */
  readonly found?: string | undefined
  readonly recipients: number
}

/** Tells an owner whose mail is over a limit that it waits: once a day. */
export async function notifyOverLimit(
  parts: NotifyParts,
  counters: Counters,
  { subscriber, login, at, found }: Omit<OverLimit, 'recipients'>,
): Promise<void> {
  const owner = subscriber === undefined ? ofAddress(login) : parts.subscribers.get(subscriber)
  if (!owner) return
  const ops = [{ op: 'mark', key: `told-over-limit:${owner.id}`, ttl: DAY }] as const
  const told = await counters.apply({ at, mode: 'peek', ops })
  if ('failed' in told || (told.readings[0]?.value ?? 0) > 0) return
  // Of several that wait at the same time the first tells.
  const first = await counters.apply({ at, mode: 'take', ops })
  if ('failed' in first || (first.readings[0]?.value ?? 1) > 1) return
  try {
    await tellOverLimit(parts, owner, { at, found })
  } catch (error) {
    // The customer is told with the next message that waits.
    await counters.apply({ at, mode: 'rollback', ops })
    throw error
  }
}

async function tellOverLimit(
  parts: NotifyParts,
  owner: Owner,
  { at, found }: { readonly at: number; readonly found: string | undefined },
): Promise<void> {
  const subscriber = owner.id
  const { overLimit } = sentencesOf(owner.language).seen
  // What exactly was over it is written down in English.
  const seen = [languageOf(owner.language) === 'en' ? (found ?? overLimit) : overLimit]
  const id = await writeLetter(parts, owner, {
    kind: 'over-limit',
    at,
    since: minuteIn(parts.timeZone(), at),
    seen,
  })
  const to = owner.contacts[0] ?? ''
  if (id !== undefined)
    parts.reporter.note({ kind: 'notice-sent', at, subscriber, to, notice: 'over-limit' })
}

export type LetterFacts = Omit<
  NoticeFacts,
  'provider' | 'portal' | 'passwordsAt' | 'customer' | 'hereOnly'
> & {
  readonly kind: NoticeKind
  readonly at: number
  /** One of this name is written, and no more. */
  readonly once?: string
}

/** Puts one letter into the queue. Returns its id; undefined when the owner has no address. */
export async function writeLetter(
  parts: NotifyParts,
  owner: Owner,
  told: LetterFacts,
): Promise<string | undefined> {
  const { kind, at, once } = told
  const to = owner.contacts[0]
  if (to === undefined) return undefined
  const { subject, text } = writeNotice(kind, owner.language, {
    ...told,
    provider: parts.provider,
    portal: parts.portal,
    ...(parts.passwordsAt === undefined ? {} : { passwordsAt: parts.passwordsAt }),
    customer: owner.id,
    hereOnly: parts.network.length === 0,
  })
  const id = once ?? parts.names.record()
  const sender = `abuse-desk@${parts.mailDomain}`
  const letter = await compose({
    from: { name: named(sentencesOf(owner.language), parts).provider, address: sender },
    to,
    subject,
    text,
    at,
    messageId: `notice-${id}@${parts.mailDomain}`,
  })
  await post(
    parts.engine,
    { sender, to, at, ourName: parts.ourName, ...(once === undefined ? {} : { once }) },
    await dkimSign(letter, parts.dkim),
  )
  return id
}
