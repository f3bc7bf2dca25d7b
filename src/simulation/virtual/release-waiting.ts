// What waits of one login or line is tried in the order of the window: by an exit, by tokens, or it goes on waiting.

import type { SubjectRecord } from '../../core/detection/episodes/state.ts'
import type { Allowance } from '../../core/detection/episodes/tables.ts'
import { exit } from '../../core/detection/episodes/window/exits.ts'
import type { Bucket } from '../../core/detection/episodes/window/refill.ts'
import { releaseOrder } from '../../core/detection/episodes/window/release-order.ts'
import { take } from '../../core/detection/episodes/window/take.ts'
import type { SimulatedMail, SimulatedRecipient } from '../population/simulated-mail.ts'
import type { SimulatedSubjects, SubjectName } from './simulated-subjects.ts'

/** One recipient of a message. */
export type WaitingPart = {
  readonly mail: SimulatedMail
  readonly who: SimulatedRecipient
  readonly firstTimer: boolean
  /** From a network that is not the login's own. */
  readonly fresh: boolean
  readonly bucket: Bucket
  /** That it feeds: its sender's own, then the source. */
  readonly subjects: readonly [own: SubjectName, ...source: SubjectName[]]
  readonly since: number
}

type Releaser = {
  readonly allowance: Allowance
  readonly subjects: SimulatedSubjects
  /** Messages of which a recipient left by the suspect exit. */
  readonly suspectsLeft: WeakSet<SimulatedMail>
  leaves(one: WaitingPart): void
  returns(one: WaitingPart): void
}

type Count = { recipients: number; readonly parts: Map<SimulatedMail, number> }

/** What waits still. */
export function releaseWaiting(
  waiting: readonly WaitingPart[],
  at: number,
  releaser: Releaser,
): WaitingPart[] {
  const counts = countsOf(waiting)
  const closed = new Set<Bucket>()
  const gone = new Set<WaitingPart>()
  for (const one of releaseOrder(waiting)) {
    if (closed.has(one.bucket)) continue
    const count = counts.get(one.bucket) as Count
    const said = tried(one, count, at, releaser)
    if (said === 'waits') {
      closed.add(one.bucket)
      continue
    }
    gone.add(one)
    countGone(count, one.mail)
    if (said === 'returns') releaser.returns(one)
    else releaser.leaves(one)
  }
  return gone.size > 0 ? waiting.filter(one => !gone.has(one)) : [...waiting]
}

function tried(
  { bucket, mail, since, subjects: names }: WaitingPart,
  { recipients, parts }: Count,
  at: number,
  { allowance, subjects: all, suspectsLeft }: Releaser,
): 'leaves' | 'returns' | 'waits' {
  const judgedSpam = mail.judged === 'spam'
  const suspect = bucket.startsWith('spam')
  const waits = {
    bucket,
    judgedSpam,
    since,
    waiting: suspect ? parts.size : recipients,
    messageLeft: suspectsLeft.has(mail),
  }
  const records: SubjectRecord[] = names.map(name => all.of(name, at))
  const found = exit(records, waits, allowance, at)
  if (found.exit === 'leaves' && suspect) suspectsLeft.add(mail)
  all.put(names, found.records)
  if (found.exit !== 'waits') return found.exit
  const outcome = take(found.records, { bucket, units: 1, judgedSpam }, allowance, at)
  all.put(names, outcome.records)
  return outcome.taken ? 'leaves' : 'waits'
}

function countsOf(waiting: readonly WaitingPart[]): Map<Bucket, Count> {
  const counts = new Map<Bucket, Count>()
  for (const { bucket, mail } of waiting) {
    const count = counts.get(bucket) ?? { recipients: 0, parts: new Map() }
    count.recipients++
    count.parts.set(mail, (count.parts.get(mail) ?? 0) + 1)
    counts.set(bucket, count)
  }
  return counts
}

function countGone(count: Count, mail: SimulatedMail): void {
  count.recipients--
  const left = (count.parts.get(mail) ?? 1) - 1
  if (left > 0) count.parts.set(mail, left)
  else count.parts.delete(mail)
}
