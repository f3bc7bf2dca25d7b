// When a channel is told: the first alarms of a kind at once, each by itself; of a flood a summary every quarter of an hour. An operator
// who gets ten thousand mails reads none.

import { type Alarm, type AlarmBatch, kindOfAlarm, SHOWN_OF_A_KIND } from '../../model/alarm.ts'
import { HOUR, MINUTE } from '../../model/duration.ts'

/** Of one kind so many batches in an hour are told at once … */
const AT_ONCE = 3
/** … and everything else that waits is told together, no more often than this. */
const SUMMARY_EVERY = 15 * MINUTE
/** The batches that are counted. */
const COUNTED = HOUR

/** One batch that was told. */
export type ToldBatch = { readonly at: number; readonly kinds: readonly string[] }

/** Not what was told by a clock that ran ahead: of its hours nothing is known. */
export const lately = (told: readonly ToldBatch[], at: number): readonly ToldBatch[] =>
  told.filter(one => one.at <= at && at - one.at < COUNTED)

export function mayTell(
  told: readonly ToldBatch[],
  waiting: readonly Pick<Alarm, 'alarm' | 'over'>[],
  at: number,
): boolean {
  if (waiting.length === 0) return false
  const counted = lately(told, at)
  if (counted.every(one => at - one.at >= SUMMARY_EVERY)) return true
  const kinds = new Set(waiting.map(kindOfAlarm))
  return [...kinds].some(kind => counted.filter(one => one.kinds.includes(kind)).length < AT_ONCE)
}

export function batchOf(id: string, at: number, alarms: readonly Alarm[]): AlarmBatch {
  const counts: Record<string, number> = {}
  const shown: Alarm[] = []
  for (const alarm of alarms) {
    const kind = kindOfAlarm(alarm)
    const count = (counts[kind] ?? 0) + 1
    counts[kind] = count
    if (count <= SHOWN_OF_A_KIND) shown.push(alarm)
  }
  return { id, at, alarms: shown, counts }
}
