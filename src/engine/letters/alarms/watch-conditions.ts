// Looks for conditions, and raises an alarm when one begins and when it is over. What stands is kept in the ledger, so that a restart does
// not tell it anew.

import type { Alarm } from '../../../model/alarm.ts'
import type { Records } from '../../../ports/records.ts'
import type { AlarmOutbox } from './alarm-outbox.ts'
import type { Condition, ConditionSeen, ConditionSources } from './condition.ts'

/** A condition that was told and is not over. */
export type StandingCondition = {
  /** Its name, and what it is about. */
  readonly id: string
  readonly since: number
  readonly alarm: string
  readonly about: string
  readonly words: string
}

export type WatchParts = {
  readonly conditions: readonly Condition[]
  readonly sources: ConditionSources
  readonly outbox: Pick<AlarmOutbox, 'raise'>
  readonly standing: Records<StandingCondition>
  readonly trouble: (error: unknown, about: string) => void
}

/** Of one condition so many are told; what many tellers have in common is one trouble. */
const MOST_OF_ONE = 100

export function conditionWatch(parts: WatchParts): (at: number) => Promise<void> {
  const { conditions, sources, trouble } = parts
  /** When each was seen last. After a restart it has the whole time to be seen again. */
  const seenAt = new Map<string, number>()
  let begun: number | undefined
  return async at => {
    begun = Math.min(begun ?? at, at)
    // A clock that was ahead and is right again: what it saw is not seen for another year.
    for (const [id, last] of seenAt) if (last > at) seenAt.set(id, at)
    for (const condition of conditions)
      try {
        const seen = (await condition.look(sources, at)).slice(0, MOST_OF_ONE)
        for (const one of seen) seenAt.set(await begins(parts, condition, one, at), at)
        await endOver(parts, condition, id => at - (seenAt.get(id) ?? begun ?? at), at)
      } catch (error) {
        trouble(error, `looking for ${condition.name}`)
      }
    for (const [id, last] of seenAt) if (at - last > FORGOTTEN) seenAt.delete(id)
  }
}

/** ms: longer than any condition stays quiet before it is over. */
const FORGOTTEN = 24 * 60 * 60 * 1000

const prefixOf = ({ name }: Condition) => `${name}: `

/** Returns what the condition is kept as. */
async function begins(
  { standing, outbox, trouble }: WatchParts,
  condition: Condition,
  { about, words, evidence = [], undo, alarm = condition.name }: ConditionSeen,
  at: number,
): Promise<string> {
  const id = `${prefixOf(condition)}${alarm} ${about}`
  const before = standing.get(id)
  const stands = before ?? { id, since: at, alarm, about, words }
  const raised = {
    ...alarmOf(stands),
    at: stands.since,
    words,
    evidence,
    ...(undo === undefined ? {} : { undo }),
  }
  // Written before it is told: a crash in between raises the same alarm again, which is one.
  if (!before)
    await standing.change(id, () => stands).catch(error => trouble(error, 'keeping an alarm'))
  await outbox.raise(raised).catch(error => trouble(error, 'keeping an alarm'))
  return id
}

/** Of the alarms that tell of what stands. */
export const standingAlarms = (standing: Pick<Records<StandingCondition>, 'all'>): Set<string> =>
  new Set(Array.from(standing.all(), one => alarmOf(one).id))

const alarmOf = ({ id, since, alarm, about }: StandingCondition) => ({
  id: `${id} ${since}`,
  alarm,
  about,
})

async function endOver(
  { standing, outbox }: WatchParts,
  condition: Condition,
  quiet: (id: string) => number,
  at: number,
): Promise<void> {
  for (const one of standing.all()) {
    if (!one.id.startsWith(prefixOf(condition)) || quiet(one.id) < condition.quietFor) continue
    const { id, ...alarm } = alarmOf(one)
    const over: Alarm = {
      ...alarm,
      id: `${id} over`,
      over: true,
      at,
      words: `This is over: ${one.words}`,
      evidence: [],
    }
    await outbox.raise(over)
    await standing.change(one.id, () => 'gone')
  }
}
