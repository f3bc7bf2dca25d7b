// Which bucket a message waits for. In an episode of which half is judged spam, what the filter calls clean goes with the rest: else the
// filter's misses of one campaign would leave by the bucket for clean mail.

import { judgedSpamOf, scannedOf } from '../scanned.ts'
import { EPISODE_KINDS, type SubjectRecord } from '../state.ts'
import { COMPANION_SCANNED, TIGHT, WHOLE_FROM } from '../tables.ts'
import { suspicion } from '../weigh-episode.ts'
import type { Bucket } from './refill.ts'
import { isMostlySpam, isUsualMailing } from '../habit.ts'
import { COMPANION_KNOWN, MAILING } from '../mailing-tables.ts'

export type Part = {
  readonly judged: 'spam' | 'clean' | 'unseen'
  /** At least one recipient of the message is a first-timer … */
  readonly hasFirstTimer: boolean
  /** … and the recipients of this part are. */
  readonly firstTimer: boolean
  /** From a network that is not the login's own. */
  readonly fresh: boolean
  /** Of the message. */
  readonly recipients: number
}

/** `records`: of all subjects that the message feeds, its sender's first. */
export function bucketOf(records: readonly SubjectRecord[], part: Part): Bucket {
  const { judged, hasFirstTimer, firstTimer, fresh, recipients } = part
  if (judged === 'spam') return hasFirstTimer || fresh ? 'spam-to-new' : 'spam-to-known'
  const isMisses = recipients >= MAILING.from && records.some(isToldByMost)
  const isCompanion =
    judged === 'clean' && !isVouchedFor(records[0]) && (isMisses || records.some(isCompany))
  if (!hasFirstTimer) {
    const isWorms =
      recipients >= COMPANION_KNOWN && (isMisses || !isUsualMailing(records[0], recipients))
    return isCompanion && isWorms ? 'spam-to-known' : 'known'
  }
  if (isCompanion) return 'spam-to-new'
  const whole = records.some(record => suspicion(record) >= WHOLE_FROM)
  return firstTimer || whole ? 'new' : 'known'
}

/** By its owner's word, or announced, for so many still: behind what is judged spam it would only wait. */
const isVouchedFor = (own: SubjectRecord | undefined): boolean =>
  own !== undefined && own.numbers.at < own.numbers.freeUntil && own.numbers.freeNew > 0

/** An episode of which little was scanned yet has, during a hold for what a filter says, the face of the one before. */
const isCompany = (record: SubjectRecord): boolean =>
  isTight(record) &&
  (scannedOf(record) < COMPANION_SCANNED
    ? record.numbers.holds === 1 && saysSpam(record)
    : isFoul(record, COMPANION_SCANNED))

const CONTENT = EPISODE_KINDS.indexOf('content')
const saysSpam = ({ kinds }: SubjectRecord): boolean => (kinds[CONTENT] as number) > 0

/** Also what goes to known people is paced. */
export const isTight = (record: SubjectRecord): boolean =>
  record.numbers.holds === 1 ||
  (isFoul(record, TIGHT.scanned) && suspicion(record) >= TIGHT.suspicion)

/** Half of this episode is judged spam. */
function isFoul(record: SubjectRecord, least: number): boolean {
  const scanned = scannedOf(record)
  return scanned >= least && judgedSpamOf(record) >= scanned / 2
}

/** Of what it sends to many, most is judged spam: the rest is what the filter misses. */
const isToldByMost = ({ numbers }: SubjectRecord): boolean => isMostlySpam(numbers)
