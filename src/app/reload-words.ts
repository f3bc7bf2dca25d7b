// What a reload says of the difference between two configurations, done or only tried: lines for people.

import { differenceOf } from '../config/difference.ts'
import type { Config } from '../config/schema.ts'

/** Lines of one answer. */
const MAX_LINES = 40

export function shortened(lines: readonly string[]): readonly string[] {
  const more = lines.length - MAX_LINES
  return more > 0 ? [...lines.slice(0, MAX_LINES), `and ${more} more`] : lines
}

export const counted = (count: number, noun: string, many = `${noun}s`): string =>
  count === 0 ? '' : `${count} ${count === 1 ? noun : many}`

/** `later`: keys that wait for a restart. */
export function differencesIn(
  before: Config,
  next: Config,
  later: readonly (keyof Config)[],
): string[] {
  const waiting = new Set(later)
  return differenceOf(before, next).map(
    ({ key, text }) => `${text}${waiting.has(key) ? ' (after a restart)' : ''}`,
  )
}
