// Whom an episode wrote to, as bytes of its record. Mail to the same person again proves little and reaches no other one, so evidence, habits
// and the window go by different people: counters for clean mail, and the last few people whom judged spam was for (spam-names.ts).

import { BITS_OF_BYTE, CLEAN_OF_ONE, WRITTEN_BITS } from './mailing-tables.ts'
import { addClean, isCovered, isNamed, NAMES_BYTES, noteName } from './spam-names.ts'
import type { SubjectRecord } from './state.ts'

export type PeopleNoted = {
  /** How many had no mail of this kind in this episode. */
  readonly different: number
  /** It went to one of them at least for whom mail of its kind still counts. */
  readonly counts: boolean
}

/** Notes who they are. `undefined`: it is not known, and each message is taken to go to others. */
export function noteWritten(
  record: SubjectRecord,
  people: ReadonlySet<number> | undefined,
  message: { readonly recipients: number; readonly spam: boolean },
): PeopleNoted {
  const { recipients, spam } = message
  if (people === undefined) return { different: recipients, counts: true }
  const all = [...people]
  const noted = spam ? noteSpam(record, all) : noteClean(record, all)
  return { ...noted, different: Math.min(noted.different, recipients) }
}

/** All of one message are others, though two share a counter. */
function noteClean(record: SubjectRecord, people: readonly number[]): PeopleNoted {
  const before = people.map(person => timesClean(record, person))
  for (const person of people) {
    countClean(record, person)
    addClean(record, person)
  }
  return {
    different: before.filter(times => times === 0).length,
    counts: before.some(times => times < CLEAN_OF_ONE),
  }
}

/** The first to a person counts, and another one that no clean mail to them covers. */
function noteSpam(record: SubjectRecord, people: readonly number[]): PeopleNoted {
  const first = people.filter(person => !isNamed(record, person))
  const again = people.filter(person => isNamed(record, person))
  const uncovered = again.filter(person => !isCovered(record, person))
  for (const person of first) noteName(record, person, timesClean(record, person))
  return { different: first.length, counts: first.length + uncovered.length > 0 }
}

/** Which byte has the counter of a person, and how far up. */
function counterOf(bytes: Uint8Array, person: number): readonly [at: number, shift: number] {
  const slots = (bytes.length * BITS_OF_BYTE) / WRITTEN_BITS
  const bit = (Math.abs(Math.trunc(person)) % slots || 0) * WRITTEN_BITS
  return [Math.floor(bit / BITS_OF_BYTE), bit % BITS_OF_BYTE]
}

/** `CLEAN_OF_ONE` at most. */
export function timesClean({ written }: SubjectRecord, person: number): number {
  const bytes = countersOf(written)
  const [at, shift] = counterOf(bytes, person)
  return ((bytes[at] as number) >> shift) & CLEAN_OF_ONE
}

function countClean(record: SubjectRecord, person: number): void {
  if (timesClean(record, person) === CLEAN_OF_ONE) return
  const bytes = countersOf(record.written)
  const [at, shift] = counterOf(bytes, person)
  bytes[at] = (bytes[at] as number) + (1 << shift)
}

export const beginWritten = ({ written }: SubjectRecord): void => void written.fill(0)

const countersOf = (written: Uint8Array) => written.subarray(0, written.length - NAMES_BYTES)
