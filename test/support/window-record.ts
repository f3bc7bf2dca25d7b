// The record of a subject as the tests of the window begin with it: nothing asked yet, with these numbers.

import { draftOf, newRecord, type SubjectRecord } from '../../src/core/detection/episodes/state.ts'
import { ALLOWANCES } from '../../src/core/detection/episodes/tables.ts'
import { DAY } from '../../src/model/duration.ts'

export const T0 = Date.UTC(2026, 0, 5)

export function whose(
  kind: SubjectRecord['kind'],
  numbers: Partial<SubjectRecord['numbers']> = {},
) {
  const record = draftOf(newRecord(kind, T0, ALLOWANCES.person))
  Object.assign(record.numbers, { tokensAt: T0, windowDay: Math.floor(T0 / DAY) }, numbers)
  return record
}
