// Which texts of a sender are usual: what a form, a shop or a ticket desk sends to strangers day after day. A visitor who fills in that
// form can bring them about, so such a text to a trap does not prove a list.

import { sampleOf } from '../../mail/shingles.ts'
import type { Op } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Counters } from '../../ports/counters.ts'
import { peek } from './gather.ts'

/** Days. A text is usual if it was sent on so many … */
const DAYS = 2
/** … of so many days before today. */
const OF = 7
/** Phrases in common with a day's texts that make a text one of them: one may be chance. */
const ALIKE = 2
/** Phrases of a message that are kept at most. */
const KEPT = 32

/** `epoch`: a release begins a new count. */
type SubjectEpoch = { readonly subject: Subject; readonly epoch: number }

/** Notes the phrases of a message to strangers. */
export const textOp = (whose: SubjectEpoch, at: number, shingles: readonly string[]): Op =>
  dayOp(whose, Math.floor(at / DAY), keptOf(shingles))

/** `shingles`: of the whole text, so that an outsider who has it written cannot choose which of them are compared. */
export async function isUsualText(
  parts: { readonly counters: Pick<Counters, 'apply'> },
  at: number,
  { shingles, ...whose }: SubjectEpoch & { readonly shingles: readonly string[] },
): Promise<boolean> {
  // Too short to compare with another text: that proves no guilt.
  if (shingles.length < ALIKE) return true
  const today = Math.floor(at / DAY)
  const ops = Array.from({ length: OF }, (_, i) => dayOp(whose, today - 1 - i, shingles))
  const readings = await peek(parts, at, ops)
  // A store that does not answer proves no guilt.
  if (readings.length < ops.length) return true
  const days = readings.filter(({ novel = 0 }) => shingles.length - novel >= ALIKE)
  return days.length >= DAYS
}

/** All of a short text: half of it might be too little to know it by. */
function keptOf(shingles: readonly string[]): readonly string[] {
  if (shingles.length <= KEPT) return shingles
  const sample = sampleOf(shingles)
  const half = KEPT / 2
  return sample.length <= KEPT ? sample : [...sample.slice(0, half), ...sample.slice(-half)]
}

const dayOp = ({ subject, epoch }: SubjectEpoch, day: number, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `texts:${subject}:${epoch}:${day}`,
  members,
  window: (OF + 1) * DAY,
})
