// Reports of abuse that came in: each is read, traced to a message or line of ours, written down, and told. A report that comes twice (its
// mail is handled again after a crash) is one. Nothing answers a report, so there is no loop.

import { readFeedback } from '../../mail/feedback/read-feedback.ts'
import { BoundedMap } from '../../model/bounded-map.ts'
import type { Complaint } from '../../model/complaint.ts'
import { DAY } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import type { Feedback, UnreadFeedback } from '../../model/feedback.ts'
import type { EventIndex } from '../../ports/event-index.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Records } from '../../ports/records.ts'
import type { Reporter } from './report.ts'

/** Complaints are listed so long, and so many; of more, the oldest of unknown customers go first. */
const KEPT = 30 * DAY
const MOST_KEPT = 5000
/** The journal is kept for seven days; a message may wait before. */
const JOURNAL = 8 * DAY
/** By so much a reporter's clock may differ from ours. */
const UNCERTAIN = 60_000
const MAX_ADDRESS_AGE = 30 * DAY

export type ComplaintParts = {
  readonly rows: Records<Complaint>
  readonly events: Pick<EventIndex, 'find'>
  readonly leases: Pick<Leases, 'holderAt'>
  readonly reporter: Pick<Reporter, 'report'>
  /** As it stands in Received lines. */
  readonly ourName: string
}

export type Report = {
  readonly id: string
  readonly raw: Buffer
  readonly at: number
  /** Domain that is known to have sent it. */
  readonly reporter?: string | undefined
}

/** Reports that are taken at the same time. */
const MOST_AT_ONCE = 1000
/** Of one message. */
const EVENTS_LOOKED_AT = 20

export type Complaints = {
  /** Resolves when it is on disk: then the mail that brought it may be done with. */
  take(report: Report): Promise<Complaint>
  /** The newest first. */
  all(): readonly Complaint[]
}

export function createComplaints(parts: ComplaintParts): Complaints {
  /** Of those that are being taken now: two deliveries of one mail are one. */
  const under = new BoundedMap<string, Promise<Complaint>>(MOST_AT_ONCE)
  return {
    take: report => {
      const begun = under.get(report.id)
      if (begun) return begun
      const taking = take(parts, report).finally(() => under.delete(report.id))
      under.set(report.id, taking)
      return taking
    },
    all: () => [...parts.rows.all()].toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)),
  }
}

async function take(parts: ComplaintParts, report: Report): Promise<Complaint> {
  const { rows } = parts
  const before = rows.get(report.id)
  if (before) return before
  const complaint = await traced(parts, report, readFeedback(report.raw, parts.ourName))
  await makeRoom(rows, report.at)
  await rows.change(complaint.id, now => (now ? undefined : complaint))
  const { at, ...said } = complaint
  parts.reporter.report({ kind: 'complaint-received', at, complaint: said })
  return complaint
}

async function traced(
  parts: ComplaintParts,
  { id, at, reporter }: Report,
  read: Feedback | UnreadFeedback,
): Promise<Complaint> {
  const known = { id, at, ...(reporter === undefined ? {} : { reporter }) }
  if ('unread' in read) return { ...known, unread: read.unread, tracedBy: 'unknown' }
  const { format, kind, address, port, arrivedAt } = read
  const said = {
    format,
    complaint: kind,
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
    ...(arrivedAt === undefined ? {} : { arrivedAt }),
  }
  const found = (await byMessage(parts, read, at)) ?? byLease(parts, read, at)
  return { ...known, ...said, ...(found ?? { tracedBy: 'unknown' }) }
}

type Traced = Pick<Complaint, 'tracedBy' | 'message' | 'login' | 'subscriber'>

/** A message of a customer's that we took. Only our own names of it are looked for. */
async function byMessage(
  { events, ourName }: ComplaintParts,
  { queueIds, messageId }: Feedback,
  at: number,
): Promise<Traced | undefined> {
  const named = queueIds.map(one => [one, 'queue-id'] as const)
  const own = ownId(messageId, ourName)
  for (const [message, tracedBy] of own ? [...named, [own, 'message-id'] as const] : named) {
    const found = await events.find(`message:${message}`, {
      since: at - JOURNAL,
      limit: EVENTS_LOOKED_AT,
    })
    const taken = found.events.find(event => event.kind === 'tx-commit')
    const whose = taken ? ownerOf(taken) : undefined
    if (whose) return { tracedBy, message, ...whose }
  }
  return undefined
}

function ownerOf({ who, listener }: EventOf<'tx-commit'>) {
  if (listener === 'inbound' || listener === 'internal') return undefined
  const { login, subscriber, sure } = who
  const line = sure === 'certain' ? subscriber : undefined
  if (login === undefined && line === undefined) return undefined
  return {
    ...(login === undefined ? {} : { login }),
    ...(line === undefined ? {} : { subscriber: line }),
  }
}

/** A Message-ID that we wrote is the queue id at our name (mail/trace.ts). */
function ownId(messageId: string | undefined, ourName: string): string | undefined {
  const [, id = '', host = ''] =
    /^([0-9A-HJKMNP-TV-Z]{16})@(\S{1,255})$/.exec(messageId ?? '') ?? []
  return host.toLowerCase() === ourName.toLowerCase() ? id : undefined
}

/** The line that had the address, and port, then. Without the time, or where more than one may have had it, it is not known whose it was. */
function byLease(
  { leases }: ComplaintParts,
  { address, port, arrivedAt }: Feedback,
  at: number,
): Traced | undefined {
  if (address === undefined || arrivedAt === undefined) return undefined
  if (arrivedAt > at + UNCERTAIN || arrivedAt < at - MAX_ADDRESS_AGE) return undefined
  const during = { since: arrivedAt - UNCERTAIN, at: Math.min(at, arrivedAt + UNCERTAIN) }
  const { sure, subscriber } = leases.holderAt('main', address, port, during)
  return sure === 'certain' && subscriber !== undefined
    ? { tracedBy: 'lease', subscriber }
    : undefined
}

/** What is too old goes; then, where there are too many, one of an unknown customer, or the oldest. */
async function makeRoom(rows: Records<Complaint>, at: number): Promise<void> {
  const all = [...rows.all()].toSorted((a, b) => a.at - b.at)
  const old = all.filter(one => one.at < at - KEPT)
  const left = all.slice(old.length)
  const victim = left.find(({ tracedBy }) => tracedBy === 'unknown') ?? left[0]
  const full = left.length >= MOST_KEPT && victim ? [victim] : []
  for (const { id } of [...old, ...full]) await rows.change(id, () => 'gone')
}
