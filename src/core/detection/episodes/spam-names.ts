// The last few people whom mail judged spam was for, as bytes of a record: whether such mail reached each of them today, and what clean mail the
// same sender wrote to each beside it. Of a helper who writes to one mailbox all day a filter misjudges a few; a bot has no clean mail to its
// targets, and what it writes to a mailbox of its own says nothing of others.

import { AGAIN, BITS_OF_BYTE, SPAM_NAMES } from './mailing-tables.ts'
import type { SubjectRecord } from './state.ts'

type RecordedRecipients = Pick<SubjectRecord, 'written'>

/** Bytes of a name. Its lowest bits are of the person, 0 for none; then come the clean messages that cover another one; the highest says that mail left. */
const NAME = 2
const PERSON = 0x07_ff
const CREDIT_BITS = 11
const CREDIT = 0x0f
const REACHED = 0x80_00

export const NAMES_BYTES = NAME * SPAM_NAMES

export const isNamed = (record: RecordedRecipients, person: number): boolean =>
  find(record, person) >= 0

/** The one noted longest ago is forgotten for a new one. `clean`: messages that this episode had for this person before. */
export function noteName(record: RecordedRecipients, person: number, clean: number): void {
  if (isNamed(record, person)) return
  const names = namesOf(record)
  names.copyWithin(NAME, 0)
  put(names, 0, nameOf(person) | (clean << CREDIT_BITS))
}

/** A clean message to a person whom spam was for. */
export function addClean(record: RecordedRecipients, person: number): void {
  const at = find(record, person)
  if (at >= 0) putCredit(record, at, Math.min(CREDIT, creditAt(record, at) + 1))
}

/** Another one that is judged spam is one of a few beside clean mail to the same person: it is used up by that. */
export function isCovered(record: RecordedRecipients, person: number): boolean {
  const at = find(record, person)
  const left = at < 0 ? -1 : creditAt(record, at) - AGAIN.clean
  if (left >= 0) putCredit(record, at, left)
  return left >= 0
}

/** What is judged spam left for this person; another message reaches no other one. */
export function noteReached(record: RecordedRecipients, person: number, clean: number): void {
  noteName(record, person, clean)
  const names = namesOf(record)
  const at = find(record, person)
  put(names, at, nameAt(names, at) | REACHED)
}

/** Today, and in this episode. */
export function isReached(record: RecordedRecipients, person: number): boolean {
  const at = find(record, person)
  return at >= 0 && (nameAt(namesOf(record), at) & REACHED) > 0
}

/** What an earlier version had there were no names. */
export const forgetNames = (record: RecordedRecipients): void => void namesOf(record).fill(0)

export function beginReached(record: RecordedRecipients): void {
  const names = namesOf(record)
  for (let at = 0; at < names.length; at += NAME) put(names, at, nameAt(names, at) & ~REACHED)
}

const namesOf = ({ written }: RecordedRecipients) => written.subarray(written.length - NAMES_BYTES)

/** Of any number, also of one that is none. */
const nameOf = (person: number): number => 1 + (Math.abs(Math.trunc(person)) % PERSON || 0)

const nameAt = (names: Uint8Array, at: number): number =>
  ((names[at] as number) << BITS_OF_BYTE) | (names[at + 1] as number)

function put(names: Uint8Array, at: number, name: number): void {
  names[at] = name >> BITS_OF_BYTE
  names[at + 1] = name
}

const creditAt = (record: RecordedRecipients, at: number): number =>
  (nameAt(namesOf(record), at) >> CREDIT_BITS) & CREDIT

function putCredit(record: RecordedRecipients, at: number, credit: number): void {
  const names = namesOf(record)
  const rest = nameAt(names, at) & ~(CREDIT << CREDIT_BITS)
  put(names, at, rest | (credit << CREDIT_BITS))
}

function find(record: RecordedRecipients, person: number): number {
  const names = namesOf(record)
  const name = nameOf(person)
  for (let at = 0; at < names.length; at += NAME)
    if ((nameAt(names, at) & PERSON) === name) return at
  return -1
}
