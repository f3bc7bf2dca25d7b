// Which day, week or month a moment is in, where the operator lives. Pure: the moment is given, and the rules of time zones
// come with the language.

import { dayIn } from '../../model/local-time.ts'
import { parseDay } from '../../model/time.ts'
import type { Period } from '../../model/quota.ts'

/** `2026-11-21`, `2026-11-16w` (the Monday of its week, ISO 8601) or `2026-11`. */
export function periodOf(at: number, period: Period, timeZone: string): string {
  const day = dayIn(timeZone, at)
  if (period === 'day') return day
  if (period === 'month') return day.slice(0, 7)
  // The date alone, as if it were UTC: so many days back to Monday.
  const date = parseDay(day) as number
  const sinceMonday = (new Date(date).getUTCDay() + 6) % 7
  return `${new Date(date - sinceMonday * 86_400_000).toISOString().slice(0, 10)}w`
}
