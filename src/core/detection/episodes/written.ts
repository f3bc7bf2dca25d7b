// Whom an episode wrote to, as bytes of its record. Mail to the same person again proves little and reaches no other one, so evidence, habits
// and the window go by different people: counters for all mail but what is judged spam, and the last few people whom that was for.

import { BITS_OF_BYTE, CLEAN_OF_ONE, SPAM_NAMES, WRITTEN_BITS } from './mailing-tables.ts'
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
  // All of one message are others, though two share a counter.
  const before = all.map(
    spam ? person => timesSpam(record, person) : person => timesClean(record, person),
  )
  for (const person of all) (spam ? noteSpam : noteClean)(record, person)
  return {
    different: Math.min(before.filter(times => times === 0).length, recipients),
    counts: before.some(times => times < (spam ? 1 : CLEAN_OF_ONE)),
  }
}

/** Which byte has the counter of a person, and how far up. */
function counterOf(bytes: Uint8Array, person: number): readonly [at: number, shift: number] {
  const slots = (bytes.length * BITS_OF_BYTE) / WRITTEN_BITS
  const bit = (numberOf(person) % slots) * WRITTEN_BITS
  return [Math.floor(bit / BITS_OF_BYTE), bit % BITS_OF_BYTE]
}

/** `CLEAN_OF_ONE` at most. */
function timesClean({ written }: SubjectRecord, person: number): number {
  const bytes = countersOf(written)
  const [at, shift] = counterOf(bytes, person)
  return ((bytes[at] as number) >> shift) & CLEAN_OF_ONE
}

function noteClean(record: SubjectRecord, person: number): void {
  if (timesClean(record, person) === CLEAN_OF_ONE) return
  const bytes = countersOf(record.written)
  const [at, shift] = counterOf(bytes, person)
  bytes[at] = (bytes[at] as number) + (1 << shift)
}

/** 1 for one of the last that are noted. */
const timesSpam = ({ written }: SubjectRecord, person: number): number =>
  find(namesOf(written), nameOf(person)) < 0 ? 0 : 1

/** The one noted longest ago is forgotten for a new one. */
function noteSpam(record: SubjectRecord, person: number): void {
  if (timesSpam(record, person) > 0) return
  const names = namesOf(record.written)
  names.copyWithin(NAME, 0)
  put(names, 0, nameOf(person))
}

/** What is judged spam left for this person; another message reaches no other one. */
export function noteReached(record: SubjectRecord, person: number): void {
  noteSpam(record, person)
  const names = namesOf(record.written)
  const name = nameOf(person)
  put(names, find(names, name), name | REACHED)
}

/** Today, and in this episode. */
export function isReached({ written }: SubjectRecord, person: number): boolean {
  const names = namesOf(written)
  const at = find(names, nameOf(person))
  return at >= 0 && (nameAt(names, at) & REACHED) > 0
}

export const beginWritten = ({ written }: SubjectRecord): void => void written.fill(0)

/** What an earlier version had there were no names. */
export const forgetNames = ({ written }: SubjectRecord): void => void namesOf(written).fill(0)

export function beginReached({ written }: SubjectRecord): void {
  const names = namesOf(written)
  for (let i = 0; i < names.length; i += NAME) put(names, i, nameAt(names, i) & ~REACHED)
}

/** Bytes of a name; 0 is none, and its highest bit says that mail left for this person. */
const NAME = 2
const REACHED = 0x80_00

const countersOf = (written: Uint8Array) => written.subarray(0, written.length - NAME * SPAM_NAMES)
const namesOf = (written: Uint8Array) => written.subarray(written.length - NAME * SPAM_NAMES)

const numberOf = (person: number): number => Math.abs(Math.trunc(person)) || 0
const nameOf = (person: number): number => 1 + (numberOf(person) % (REACHED - 1) || 0)

const nameAt = (names: Uint8Array, at: number): number =>
  ((names[at] as number) << BITS_OF_BYTE) | (names[at + 1] as number)

function put(names: Uint8Array, at: number, name: number): void {
  names[at] = name >> BITS_OF_BYTE
  names[at + 1] = name
}

function find(names: Uint8Array, name: number): number {
  for (let i = 0; i < names.length; i += NAME) if ((nameAt(names, i) & ~REACHED) === name) return i
  return -1
}
