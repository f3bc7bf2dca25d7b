// Reports of abuse that came in: each is read, traced to a message or line of ours, written down, and told. A report that comes twice (its
// mail is handled again after a crash) is one. Nothing answers a report, so there is no loop. Not here: whom it is about
// (complaint-source.ts), and whether it is evidence (complaint-weight.ts).

import { readFeedback } from '../../mail/feedback/read-feedback.ts'
import { BoundedMap } from '../../model/bounded-map.ts'
import type { Complaint } from '../../model/complaint.ts'
import { DAY } from '../../model/duration.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Records } from '../../ports/records.ts'
import { sourceOfComplaint, type SourceParts } from './complaint-source.ts'
import { weightOf, type WeightParts } from './complaint-weight.ts'
import type { Reporter } from './report.ts'

/** Complaints are listed so long, and so many; of more, the oldest of unknown customers go first. */
const KEPT = 30 * DAY
const MOST_KEPT = 5000

export type ComplaintParts = SourceParts & {
  readonly rows: Records<Complaint>
  readonly counters: Counters
  readonly loops: WeightParts['loops']
  readonly reporter: Pick<Reporter, 'report'>
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

export type Complaints = {
  /** Resolves when it is on disk: then the mail that brought it may be done with. */
  take(report: Report): Promise<Complaint>
  /** Staff found it unfounded; undefined when there is none of that id. */
  dismiss(id: string, at: number): Promise<Complaint | undefined>
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
    dismiss: (id, at) => parts.rows.change(id, now => now && { ...now, dismissedAt: at }),
    all: () => [...parts.rows.all()].toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)),
  }
}

async function take(parts: ComplaintParts, report: Report): Promise<Complaint> {
  const { rows } = parts
  const before = rows.get(report.id)
  if (before) return before
  const { complaint, subjects } = await looked(parts, report)
  await makeRoom(rows, report.at)
  await rows.change(complaint.id, now => (now ? undefined : complaint))
  const { at, ...said } = complaint
  const about = subjects ? { subjects } : {}
  parts.reporter.report({ kind: 'complaint-received', at, complaint: said, ...about })
  return complaint
}

type Looked = { readonly complaint: Complaint; readonly subjects?: readonly Subject[] }

/** Read, traced, and weighed. */
async function looked(parts: ComplaintParts, { id, at, raw, reporter }: Report): Promise<Looked> {
  const read = readFeedback(raw, parts.ourName)
  const known = { id, at, ...(reporter === undefined ? {} : { reporter }) }
  if ('unread' in read) return { complaint: { ...known, unread: read.unread, tracedBy: 'unknown' } }
  const { format, kind, address, port, arrivedAt } = read
  const said = {
    ...known,
    format,
    complaint: kind,
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
    ...(arrivedAt === undefined ? {} : { arrivedAt }),
  }
  const source = await sourceOfComplaint(parts, read, at)
  if (!source) return { complaint: { ...said, tracedBy: 'unknown' } }
  const complaint: Complaint = { ...said, ...source.whose }
  const { counters, loops, rows } = parts
  const weight = await weightOf(
    { counters, loops, complaints: () => rows.all() },
    complaint,
    source,
  )
  if ('noEvidence' in weight) return { complaint: { ...complaint, ...weight } }
  const { trust, subjects } = weight
  return { complaint: { ...complaint, trust }, subjects }
}

/** What is too old goes; then, where there are too many, one of an unknown customer, or the oldest. */
async function makeRoom(rows: Records<Complaint>, at: number): Promise<void> {
  const gone: string[] = []
  let left = 0
  let oldest: Complaint | undefined
  let unknown: Complaint | undefined
  for (const one of rows.all()) {
    if (one.at < at - KEPT) gone.push(one.id)
    else {
      left++
      if (isOlder(one, oldest)) oldest = one
      if (one.tracedBy === 'unknown' && isOlder(one, unknown)) unknown = one
    }
  }
  const victim = unknown ?? oldest
  if (left >= MOST_KEPT && victim) gone.push(victim.id)
  for (const id of gone) await rows.change(id, () => 'gone')
}

const isOlder = (one: Complaint, than: Complaint | undefined): boolean =>
  than === undefined || one.at < than.at
