// Reports of abuse to the networks that spam came from: one mail to each contact, twice a day at most (`feedback.reports`). What is in a
// report is written down before it is sent, so a crash in between sends the same one, which the queue takes once.

import { REPORTED_AT_ONCE, writeReport } from '../../../mail/feedback/write-report.ts'
import { type SigningKeys, dkimSign } from '../../../mail/dkim-sign.ts'
import { HOUR } from '../../../model/duration.ts'
import {
  isReported,
  type ReportFormat,
  type Sighting,
  timesOf,
  without,
} from '../../../model/sighting.ts'
import type { Engine } from '../../../ports/engine.ts'
import type { Records } from '../../../ports/records.ts'
import type { Reporter } from '../../evidence/report.ts'
import { post } from '../../intake/internal-mail.ts'
import type { Sightings } from './sightings.ts'

/** What is known of a contact: when it was last told. */
export type ToldContact = {
  /** Its address. */
  readonly id: string
  /** Of the last report, or of the first thing seen since. */
  readonly at: number
  readonly number: number
  /** What is being sent; absent when it is in the queue. */
  readonly sending?: { readonly format: ReportFormat; readonly sightings: readonly Sighting[] }
}

export type AbuseReportParts = {
  readonly sightings: Sightings
  readonly records: Records<Sighting>
  readonly told: Records<ToldContact>
  readonly engine: Pick<Engine, 'open'>
  readonly reporter: Pick<Reporter, 'note'>
  readonly us: {
    readonly provider: string
    readonly ourName: string
    readonly mailDomain: string
    readonly dkim: SigningKeys | undefined
  }
}

/** ms between two reports to one contact. */
const BETWEEN = 12 * HOUR
/** ms from the first that is seen: a bot's next hour belongs into the same report. */
const GATHERED = HOUR

export async function reportAbuse(parts: AbuseReportParts, at: number): Promise<void> {
  // What a crash left is done first: until then the records are as they were.
  for (const one of parts.told.all()) if (one.sending) await send(parts, one, at)
  await parts.sightings.write(at)
  for (const [contact, { format, sightings }] of byContact(parts, at)) {
    const before = parts.told.get(contact)
    if (!isDue(before, sightings, at)) continue
    const most = REPORTED_AT_ONCE[format]
    const worst = sightings.toSorted((a, b) => timesOf(b) - timesOf(a)).slice(0, most)
    const next: ToldContact = {
      id: contact,
      at,
      number: (before?.number ?? 0) + 1,
      sending: { format, sightings: worst },
    }
    // Another node may have been faster.
    const kept = await parts.told.change(contact, now =>
      now?.number === before?.number && now?.sending === undefined ? next : undefined,
    )
    if (kept) await send(parts, kept, at)
  }
}

function isDue(
  before: ToldContact | undefined,
  sightings: readonly Sighting[],
  at: number,
): boolean {
  if (before?.sending) return false
  const first = Math.min(...sightings.map(one => one.first))
  // A clock that was ahead says that the last one is still to come.
  const since = before === undefined ? Infinity : Math.abs(at - before.at)
  return since >= BETWEEN && at - first >= GATHERED
}

/** When the next one goes, where `first` was seen first since the last. */
export const dueAt = (before: ToldContact | undefined, first: number): number =>
  Math.max(first + GATHERED, (before?.at ?? -Infinity) + BETWEEN)

type OfContact = { readonly format: ReportFormat; readonly sightings: Sighting[] }

function byContact(
  { records, sightings }: AbuseReportParts,
  at: number,
): ReadonlyMap<string, OfContact> {
  const found = new Map<string, OfContact>()
  const isKnown = sightings.knowsClean(at)
  for (const one of records.all()) {
    // Also what a reload has taken out since.
    const to = isReported({ ...one, clean: one.clean || !isKnown })
      ? sightings.contactOf(one.sample.address)
      : undefined
    if (!to) continue
    const due = found.get(to.contact)
    if (due) due.sightings.push(one)
    else found.set(to.contact, { format: to.format, sightings: [one] })
  }
  return found
}

async function send(parts: AbuseReportParts, kept: ToldContact, at: number): Promise<void> {
  const { provider, ourName, mailDomain, dkim } = parts.us
  const { id: contact, number, sending } = kept
  if (!sending) return
  const { format, sightings } = sending
  const from = `abuse@${mailDomain}`
  // With the time: where the records are lost and the queue is not, numbers begin anew.
  const once = `abuse-report.${contact}.${number}.${kept.at}`
  const messageId = `${once.replaceAll(/[^\w.-]/g, '-')}@${ourName}`
  const mail = await writeReport({
    to: contact,
    from,
    provider,
    ourName,
    at: kept.at,
    messageId,
    format,
    sightings,
  })
  const signed = await dkimSign(mail, dkim)
  await post(parts.engine, { sender: from, to: contact, at, ourName, once }, signed)
  // What was seen since the report was written belongs into the next one.
  for (const told of sightings)
    await parts.records.change(told.id, now => now && without(now, told, once))
  await parts.told.change(contact, now => {
    if (now?.number !== number) return undefined
    const { sending: _sent, ...done } = now
    return done
  })
  parts.reporter.note({
    kind: 'abuse-reported',
    at,
    contact,
    addresses: sightings.map(one => one.sample.address),
    format,
  })
}
