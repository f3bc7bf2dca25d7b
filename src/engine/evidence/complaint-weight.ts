// Whether a complaint is evidence, and how much. An outsider can write any report: it counts only where DMARC says who sent it, and that
// organisation received the message, or is a feedback loop that staff have named. One of each in 30 days, a few at most, and less of one
// whose complaints staff found unfounded.

import { COMPLAINT } from '../../core/detection/episodes/tables.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Complaint, NoEvidence } from '../../model/complaint.ts'
import type { DistinctOp } from '../../model/counter.ts'
import { lineOf, type Subject } from '../../model/evidence.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Counters } from '../../ports/counters.ts'
import type { ComplaintSource } from './complaint-source.ts'

export type FeedbackSettings = {
  /** Mail of customers bears X-Cordon-Ref: `feedback.reference`, true by default. */
  readonly reference: boolean
  /** Organisational domains: `feedback.loops`, none by default. */
  readonly loops: ReadonlySet<string>
}

export type WeightParts = {
  readonly counters: Counters
  readonly loops: () => ReadonlySet<string>
  /** All that came. */
  readonly complaints: () => Iterable<Complaint>
}

export type ComplaintWeight =
  | { readonly noEvidence: NoEvidence }
  | { readonly trust: number; readonly subjects: readonly Subject[] }

/** Kinds that speak of mail that was not to be sent. */
const COUNTING: readonly Complaint['complaint'][] = ['abuse', 'fraud', 'virus']

export async function weightOf(
  parts: WeightParts,
  complaint: Complaint,
  source: ComplaintSource,
): Promise<ComplaintWeight> {
  const { reporter } = complaint
  if (!COUNTING.includes(complaint.complaint)) return { noEvidence: 'other-kind' }
  if (reporter === undefined) return { noEvidence: 'not-proven' }
  const about = aboutOf(source, reporter, parts.loops().has(reporter))
  if (typeof about === 'string') return { noEvidence: about }
  const told = await toldAnew(parts.counters, about, { at: complaint.at, reporter })
  if (typeof told === 'string') return { noEvidence: told }
  return { subjects: told, trust: trustIn(reporter, parts.complaints()) }
}

/** Those whom it may be evidence against, or why none. */
function aboutOf(
  { taken, whose: { subscriber } }: ComplaintSource,
  reporter: string,
  isLoop: boolean,
): readonly Subject[] | NoEvidence {
  if (!taken) return isLoop && subscriber !== undefined ? [lineOf(subscriber)] : 'no-message'
  const { facts, correspondents } = taken
  if (facts.answer) return 'answer'
  if (facts.exempt || facts.subjects.length === 0) return 'exempt'
  const received = correspondents.some(one => organisationalDomain(domainOf(one)) === reporter)
  return received || isLoop ? facts.subjects : 'not-received'
}

/** Those of them of whom this reporter has not complained lately, and few others have. */
async function toldAnew(
  counters: Counters,
  subjects: readonly Subject[],
  { at, reporter }: { readonly at: number; readonly reporter: string },
): Promise<readonly Subject[] | NoEvidence> {
  const anew: Subject[] = []
  let why: NoEvidence = 'told-before'
  for (const subject of subjects) {
    const op: DistinctOp = {
      op: 'distinct',
      key: `complainers:${subject}`,
      members: [reporter],
      window: COMPLAINT.remembered,
      limit: COMPLAINT.most,
    }
    // A take would remember it for another 30 days.
    const before = await counters.apply({ at, mode: 'peek', ops: [op] })
    const counted =
      'failed' in before || before.readings[0]?.novel !== 0
        ? await counters.apply({ at, mode: 'take', ops: [op] })
        : undefined
    // A store that does not answer proves no guilt.
    if (counted && !('failed' in counted) && counted.taken) anew.push(subject)
    else if (counted) why = 'enough'
  }
  return anew.length > 0 ? anew : why
}

/**
 * (1 + f) / (1 + f + u): of how many customers it complained in the last 30 days so that it counted, with nothing said against it (f), or
 * found unfounded by staff (u).
 */
export function trustIn(reporter: string, complaints: Iterable<Complaint>): number {
  const all = new Set<string>()
  const unfounded = new Set<string>()
  for (const one of complaints) {
    if (one.reporter !== reporter || one.trust === undefined) continue
    const about = one.login ?? `line:${one.subscriber}`
    all.add(about)
    if (one.dismissedAt !== undefined) unfounded.add(about)
  }
  return (1 + all.size - unfounded.size) / (1 + all.size)
}
