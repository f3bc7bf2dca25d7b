// A record that is far ahead of now was changed by a clock that was wrong. Its times are brought back, so that tokens come again; what it knows
// stays. A little ahead is as it ever was: no time goes by until then.

import { DAY, HOUR } from '../../../model/duration.ts'
import { draftOf, type SubjectRecord } from './state.ts'
import { OPENED } from './words.ts'

/** Events of one subject may come so late. [est] */
const AHEAD_AT_MOST = 3 * HOUR

const TIMES = [
  'at',
  'episodeFrom',
  'episodeLast',
  'lastSpamAt',
  'learnedAt',
  'habitAt',
  'tokensAt',
] as const
const DAYS = ['networkDay', 'windowDay'] as const

export function bringBack(record: SubjectRecord, at: number): SubjectRecord {
  if (!(record.numbers.at > at + AHEAD_AT_MOST)) return record
  const draft = draftOf(record)
  const { numbers } = draft
  const today = Math.floor(at / DAY)
  for (const name of TIMES) numbers[name] = Math.min(numbers[name], at)
  for (const name of DAYS) numbers[name] = Math.min(numbers[name], today)
  numbers.freeUntil = Math.min(numbers.freeUntil, at + OPENED.lasts)
  draft.networks = draft.networks.map(one => ({
    ...one,
    first: Math.min(one.first, today),
    last: Math.min(one.last, today),
    properLast: Math.min(one.properLast, today),
  }))
  return draft
}
