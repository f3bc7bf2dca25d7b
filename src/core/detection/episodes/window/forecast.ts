// When the last of what waits in a bucket leaves, as things stand: said to its sender ("about 14:10"). Suspicion that falls, or rises, changes it.

import { DAY, HOUR } from '../../../../model/duration.ts'
import { sourceSize } from '../source-size.ts'
import type { SubjectRecord } from '../state.ts'
import { type Allowance, LEAST_PER_HOUR, RETURNS_AFTER } from '../tables.ts'
import { type Bucket, rateOf, TOKENS } from './refill.ts'
import { refilled } from './take.ts'

/** Ms since 1970; `recipients` of them wait, the oldest since `since`. */
export function forecast(
  record: SubjectRecord,
  asked: { readonly bucket: Bucket; readonly recipients: number; readonly since: number },
  allowance: Allowance,
  at: number,
): number {
  const [now] = refilled([record], allowance, at)
  if (!now) return at
  const { perHour } = rateOf(now, asked.bucket, allowance)
  const missing = Math.max(0, asked.recipients - now.numbers[TOKENS[asked.bucket]])
  const byTokens = at + (missing / Math.max(LEAST_PER_HOUR, perHour)) * HOUR
  if (asked.bucket !== 'new')
    return asked.bucket === 'known' ? byTokens : Math.min(byTokens, asked.since + RETURNS_AFTER)
  // What is above today's ceiling leaves on the next days.
  const perDay = allowance.perDay * sourceSize(now)
  const days = Math.max(0, Math.ceil((now.numbers.leftToday + asked.recipients) / perDay) - 1)
  return Math.max(byTokens, days === 0 ? at : (Math.floor(at / DAY) + days) * DAY)
}
