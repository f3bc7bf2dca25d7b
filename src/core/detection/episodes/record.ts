// One subject's record as bytes, for a store that does not read them: always of one size, less than ports/subject-state.ts allows, and the
// same bytes for the same record. Bytes that are damaged, of another version or out of bounds are told apart: the caller that
// loads them logs it and begins anew, because an unreadable sum must neither isolate nor be taken for innocence in silence.

import {
  ACCEPTED,
  COLUMNS,
  EPISODE_KINDS,
  KINDS_OF_SUBJECT,
  MOST_NETWORKS,
  type Network,
  newRecord,
  type Numbers,
  type SubjectRecord,
} from './state.ts'
import { ALLOWANCES, CLEAN, MOST_SUM, MOST_TRIALS, MOST_Z } from './tables.ts'
import { MAILING, WRITTEN_BYTES } from './mailing-tables.ts'
import { forgetNames } from './spam-names.ts'

export const RECORD_VERSION = 4
/**
 * The first version had no mailings, and neither this nor the second whom an episode wrote to; the third had no names of those whom spam went to, and counted
 * no mail to many. All else stands in the same order.
 */
const WITHOUT_MAILINGS = 1
const WITHOUT_WRITTEN = 2
const WITHOUT_TO_MANY = 3

/** A time in ms, later than any that a record may have: the year 9999. */
const LATEST = 253_402_300_800_000
const ANY = 1e12

/** Every number, in the order of the bytes, and the most that it may be; those of mailings came last, and of mail to many after them. */
const MOST: Readonly<Record<keyof Numbers, number>> = {
  at: LATEST,
  sum: MOST_SUM,
  z: MOST_Z,
  episodeFrom: LATEST,
  episodeLast: LATEST,
  firstTimers: ANY,
  judgedSpam: ANY,
  lastSpamAt: LATEST,
  learnedAt: LATEST,
  learnedSum: ANY,
  holds: 1,
  refusesAuth: 1,
  regulars: ANY,
  usualMessages: ANY,
  usualFirst: ANY,
  usualSpam: ANY,
  lateMessages: ANY,
  lateFirst: ANY,
  lateSpam: ANY,
  habitAt: LATEST,
  networkDay: ANY,
  networksToday: ANY,
  newToday: ANY,
  networkNats: ANY,
  roamingPrior: 1,
  roamingNow: 1,
  newTokens: ANY,
  spamToKnownTokens: ANY,
  spamToNewTokens: ANY,
  heldKnownTokens: ANY,
  tokensAt: LATEST,
  windowDay: ANY,
  leftToday: ANY,
  suspectsToday: ANY,
  knownToday: ANY,
  leftThisWeek: ANY,
  lateAnswers: ANY,
  lateGone: ANY,
  freeNew: ANY,
  freeSpam: ANY,
  freeUntil: LATEST,
  mailingCap: MAILING.most,
  mailingTokens: MAILING.most,
  spamToMany: ANY,
  cleanToMany: ANY,
}
const NUMBERS = (Object.entries(MOST) as readonly (readonly [keyof Numbers, number])[]).map(
  // Only tokens may be owed.
  ([name, most]) => ({ name, least: name.endsWith('Tokens') ? -ANY : 0, most }),
)

const OF_MAILINGS = NUMBERS.filter(({ name }) => name.startsWith('mailing')).length
const OF_TO_MANY = NUMBERS.filter(({ name }) => name.endsWith('ToMany')).length

/** Those of one number for each clean class, or kind. */
const SHARES = ['kinds', 'prior', 'persisting', 'learned', 'newBucket', 'oldBucket'] as const

const HEAD = 8
const NETWORK = 13
export const RECORD_BYTES =
  HEAD +
  8 * NUMBERS.length +
  2 * 2 * COLUMNS.length +
  4 * (EPISODE_KINDS.length + 5 * CLEAN.length) +
  ACCEPTED +
  WRITTEN_BYTES +
  NETWORK * MOST_NETWORKS

/** Bytes that each version lacks. */
const MISSING: Readonly<Record<number, number>> = {
  [WITHOUT_MAILINGS]: 8 * (OF_MAILINGS + OF_TO_MANY) + WRITTEN_BYTES,
  [WITHOUT_WRITTEN]: 8 * OF_TO_MANY + WRITTEN_BYTES,
  [WITHOUT_TO_MANY]: 8 * OF_TO_MANY,
  [RECORD_VERSION]: 0,
}

export type Decoded = { readonly record: SubjectRecord } | { readonly damaged: string }

export function encodeRecord(record: SubjectRecord): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES)
  const to = new DataView(bytes.buffer)
  to.setUint8(0, RECORD_VERSION)
  to.setUint8(1, KINDS_OF_SUBJECT.indexOf(record.kind))
  to.setUint8(2, record.networks.length)
  let at = HEAD
  for (const { name } of NUMBERS) {
    to.setFloat64(at, record.numbers[name])
    at += 8
  }
  for (const counts of [record.tried, record.hit])
    for (const count of counts) {
      to.setUint16(at, count)
      at += 2
    }
  for (const name of SHARES)
    for (const value of record[name]) {
      to.setFloat32(at, value)
      at += 4
    }
  bytes.set(record.accepted, at)
  at += ACCEPTED
  bytes.set(record.written, at)
  at += WRITTEN_BYTES
  for (const network of record.networks) {
    writeNetwork(to, at, network)
    at += NETWORK
  }
  to.setUint32(4, sumOf(bytes))
  return bytes
}

export function decodeRecord(bytes: Uint8Array): Decoded {
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const damaged = unreadable(bytes, from)
  if (damaged) return { damaged }
  const record = newRecord(KINDS_OF_SUBJECT[from.getUint8(1)] ?? 'line', 0, ALLOWANCES.person)
  let at = HEAD
  const version = from.getUint8(0)
  const lacks = version === RECORD_VERSION ? 0 : OF_TO_MANY
  const has = NUMBERS.slice(
    0,
    NUMBERS.length - lacks - (version === WITHOUT_MAILINGS ? OF_MAILINGS : 0),
  )
  for (const { name, least, most } of has) {
    const value = from.getFloat64(at)
    if (!(value >= least && value <= most)) return { damaged: `${name} is ${value}` }
    record.numbers[name] = value
    at += 8
  }
  for (const counts of [record.tried, record.hit])
    for (let i = 0; i < counts.length; i++, at += 2) counts[i] = from.getUint16(at)
  if (record.tried.some((n, i) => n > MOST_TRIALS || (record.hit[i] as number) > n))
    return { damaged: 'more hits than trials' }
  for (const name of SHARES)
    for (let i = 0; i < record[name].length; i++, at += 4) {
      const value = from.getFloat32(at)
      if (!(value >= 0 && value <= ANY)) return { damaged: `${name} has ${value}` }
      record[name][i] = value
    }
  if (record.prior.includes(0)) return { damaged: 'a class weighs nothing' }
  record.accepted.set(bytes.subarray(at, at + ACCEPTED))
  at += ACCEPTED
  if (version >= WITHOUT_TO_MANY) {
    record.written.set(bytes.subarray(at, at + WRITTEN_BYTES))
    if (version === WITHOUT_TO_MANY) forgetNames(record)
    at += WRITTEN_BYTES
  }
  record.networks = Array.from({ length: from.getUint8(2) }, (_, i) =>
    readNetwork(from, at + i * NETWORK),
  )
  return { record }
}

function unreadable(bytes: Uint8Array, from: DataView): string | undefined {
  if (bytes.length < HEAD) return `${bytes.length} bytes`
  const version = from.getUint8(0)
  const missing = MISSING[version]
  if (missing === undefined) return `version ${version}`
  if (bytes.length !== RECORD_BYTES - missing) return `${bytes.length} bytes`
  if (from.getUint32(4) !== sumOf(bytes)) return 'its check sum is another'
  if (from.getUint8(1) >= KINDS_OF_SUBJECT.length) return `subject of kind ${from.getUint8(1)}`
  if (from.getUint8(2) > MOST_NETWORKS) return `${from.getUint8(2)} networks`
  return undefined
}

function writeNetwork(to: DataView, at: number, one: Network): void {
  to.setUint32(at, one.hash)
  to.setUint16(at + 4, one.first)
  to.setUint16(at + 6, one.last)
  to.setUint16(at + 8, one.properLast)
  to.setUint8(at + 10, one.properDays)
  to.setUint8(at + 11, (one.known ? 1 : 0) + (one.refused ? 2 : 0))
  to.setUint8(at + 12, one.spam)
}

function readNetwork(from: DataView, at: number): Network {
  const flags = from.getUint8(at + 11)
  return {
    hash: from.getUint32(at),
    first: from.getUint16(at + 4),
    last: from.getUint16(at + 6),
    properLast: from.getUint16(at + 8),
    properDays: from.getUint8(at + 10),
    known: (flags & 1) !== 0,
    refused: (flags & 2) !== 0,
    spam: from.getUint8(at + 12),
  }
}

/** FNV-1a, 32 bits, of all but the four bytes that hold it: against damage, not against people. */
function sumOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < bytes.length; i++)
    if (i < 4 || i >= HEAD) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
  return hash >>> 0
}
