// Once a day the operator is told what happened and what stands, also when nothing did: a digest that does not come says that Cordon is
// away. Counts are written once a minute; a crash loses those of the last one.

import { type DigestCounts, digestLine, digestLines } from '../../../core/notices/digest.ts'
import { DAY, MINUTE } from '../../../model/duration.ts'
import type { Event } from '../../../model/event.ts'
import { minuteIn } from '../../../model/local-time.ts'
import type { Cases } from '../../../ports/cases.ts'
import type { Records } from '../../../ports/records.ts'
import type { AlarmOutbox } from './alarm-outbox.ts'
import type { StandingCondition } from './watch-conditions.ts'

/** What is counted since the last digest. */
export type DigestRecord = {
  readonly id: string
  /** `2026-11-28`: of the last digest. */
  readonly day: string
  readonly since: number
  readonly counts: DigestCounts
}

export type DigestParts = {
  readonly records: Records<DigestRecord>
  readonly outbox: Pick<AlarmOutbox, 'raise'>
  readonly standing: Records<StandingCondition>
  readonly cases: Pick<Cases, 'openCases' | 'allInForce'>
  /** `alarms.digest`, 07:00 by default: time of day in `timeZone`, or off. */
  readonly digest: string
  readonly timeZone: () => string
}

export type MorningDigest = {
  hear(event: Event): void
  /** Writes down what was counted, and tells it when it is time. */
  look(at: number): Promise<void>
}

const ID = 'since-the-last'
/** Different lines: rules, decisions and alarms are some dozens. */
const MOST_LINES = 300

/** The last digest is so much ahead of now (ms): the clock was, and is right again. What was counted is of the day that it is now. */
const SET_RIGHT = MINUTE

export function morningDigest(parts: DigestParts): MorningDigest {
  const { records, timeZone } = parts
  const fresh = new Map<string, number>()
  return {
    hear: event => {
      const line = digestLine(event)
      if (line !== undefined && (fresh.size < MOST_LINES || fresh.has(line)))
        fresh.set(line, (fresh.get(line) ?? 0) + 1)
    },
    look: async at => {
      if (parts.digest === 'off') return
      const now = minuteIn(timeZone(), at)
      const [day, time] = [now.slice(0, 10), now.slice(11, 16)]
      const kept = records.get(ID)
      const isSetRight = kept !== undefined && kept.since - at > SET_RIGHT
      const before = isSetRight
        ? {
            ...kept,
            day: time >= parts.digest ? day : minuteIn(timeZone(), at - DAY).slice(0, 10),
            since: at,
          }
        : (kept ?? { id: ID, day, since: at, counts: {} })
      const due = day > before.day && time >= parts.digest
      if (kept && !isSetRight && !due && fresh.size === 0) return
      const record = { ...before, counts: sumOf(before.counts, fresh) }
      fresh.clear()
      if (due) await raise(parts, record, day, at)
      await records.change(ID, () => (due ? { id: ID, day, since: at, counts: {} } : record))
    },
  }
}

function sumOf(counts: DigestCounts, fresh: ReadonlyMap<string, number>): DigestCounts {
  const sum: Record<string, number> = { ...counts }
  for (const [line, count] of fresh) sum[line] = (sum[line] ?? 0) + count
  return sum
}

async function raise(
  { outbox, standing, cases, timeZone }: DigestParts,
  { since, counts }: DigestRecord,
  day: string,
  at: number,
): Promise<void> {
  const open = cases.openCases()
  const of = (status: string) => open.filter(one => one.status === status).length
  const would = cases.allInForce().filter(one => one.byWindow?.wouldIsolate).length
  const observed =
    would === 0
      ? []
      : [`lines that would be isolated now, if evidence.isolateByMail were set to act: ${would}`]
  const stands = [...standing.all()].map(one => `still so: ${one.words}`)
  await outbox.raise({
    // A clock that was ahead has told of this day before.
    id: `digest.${day}.${since}`,
    alarm: 'digest',
    at,
    about: day,
    words: `Since ${minuteIn(timeZone(), since)}. Open cases now: ${of('contained')} contained, ${of('held')} held, ${of('watched')} watched, ${of('probation')} in probation.`,
    evidence: [...digestLines(counts), ...observed, ...stands],
    undo: 'cordon incident list',
  })
}
