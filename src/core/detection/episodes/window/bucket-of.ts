// Which bucket a message waits for. In an episode of which half is judged spam, what the filter calls clean goes with the rest: else the
// filter's misses of one campaign would leave by the bucket for clean mail.

import { columnIndex, type SubjectRecord } from '../state.ts'
import { COMPANION_SCANNED, TIGHT } from '../tables.ts'
import { suspicion } from '../weigh-episode.ts'
import type { Bucket } from './refill.ts'

export type Part = {
  readonly judged: 'spam' | 'clean' | 'unseen'
  /** At least one recipient of the message is a first-timer … */
  readonly hasFirstTimer: boolean
  /** … and the recipients of this part are. */
  readonly firstTimer: boolean
  /** From a network that is not the login's own. */
  readonly fresh: boolean
}

/** `records`: of all subjects that the message feeds, its sender's first. */
export function bucketOf(records: readonly SubjectRecord[], part: Part): Bucket {
  const { judged, hasFirstTimer, firstTimer, fresh } = part
  if (judged === 'spam') return hasFirstTimer || fresh ? 'spam-to-new' : 'spam-to-known'
  if (!hasFirstTimer) return 'known'
  const companion =
    judged === 'clean' &&
    records.some(record => isFoul(record, COMPANION_SCANNED) && isTight(record))
  if (companion) return 'spam-to-new'
  return firstTimer ? 'new' : 'known'
}

/** Also what goes to known people is paced. */
export const isTight = (record: SubjectRecord): boolean =>
  record.numbers.holds === 1 ||
  (isFoul(record, TIGHT.scanned) && suspicion(record) >= TIGHT.suspicion)

/** Half of this episode is judged spam. */
function isFoul({ tried, hit }: SubjectRecord, least: number): boolean {
  const [a, b] = [columnIndex('spamToNew'), columnIndex('spamToKnown')]
  const scanned = (tried[a] as number) + (tried[b] as number)
  return scanned >= least && (hit[a] as number) + (hit[b] as number) >= scanned / 2
}
