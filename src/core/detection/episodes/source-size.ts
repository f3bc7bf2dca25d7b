// How large a foreign address is from which several logins send: an honest hotel of 1,200 guests is no bot, and 300 stolen logins are no
// hotel. It grows with the square root of the logins that wrote from there to people they know; growing in proportion let 300 patient thieves
// send 1,270 of 1,500 (simulated).

import { SOURCE_SIZE, SOURCE_STOPS_SHARE, SOURCE_STOPS_SPAM, SOURCE_STRANGE } from './tables.ts'
import type { SubjectRecord } from './state.ts'

/** Factor of a source's window; 1 of everything else. */
export function sourceSize({ kind, numbers }: SubjectRecord): number {
  if (kind !== 'source') return 1
  if (numbers.regulars < 1) return SOURCE_STRANGE
  return Math.max(1, SOURCE_SIZE * Math.sqrt(numbers.regulars))
}

/** Whether a login is stopped together with a source: of its messages from there, `spam` of `all` were judged spam. */
export const stopsWithSource = (spam: number, all: number): boolean =>
  spam >= SOURCE_STOPS_SPAM && spam >= SOURCE_STOPS_SHARE * all
