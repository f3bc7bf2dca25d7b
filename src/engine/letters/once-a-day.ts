// Alarms about mail that waits, each once a day: an operator who is told of every message reads none.

import { DAY } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Reporter } from '../evidence/report.ts'

export type Tellers = {
  readonly counters: Counters
  readonly reporter: Pick<Reporter, 'report'>
}

type DailyAlarm = Pick<EventOf<'alarm-raised'>, 'about' | 'words' | 'at'> & {
  readonly alarm: 'no-releaser' | 'local-mail' | 'large-message' | 'held-deleted'
  /** What it is raised of once a day; without it there is one such alarm. */
  readonly of?: string | undefined
}

export async function tellOnceADay(
  { counters, reporter }: Tellers,
  { of, ...told }: DailyAlarm,
): Promise<void> {
  const { alarm, at } = told
  const key = of === undefined ? alarm : `${alarm} ${of}`
  const ops = [{ op: 'sum', key, amount: 1, window: DAY, limit: 1 }] as const
  const counted = await counters.apply({ at, mode: 'take', ops })
  if ('failed' in counted || !counted.taken) return
  reporter.report({ kind: 'alarm-raised', ...told })
}
