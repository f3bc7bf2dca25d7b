// Whom an episode wrote to, as bits of its record: clean mail to the same people proves little, and no habit is more than the people whom it reached.

import { BITS_OF_BYTE, CLEAN_OF_ONE, WRITTEN_BITS } from './mailing-tables.ts'
import type { SubjectRecord } from './state.ts'

/** Of the bytes one half is for what is judged spam. */
const HALVES = 2

export type PeopleNoted = {
  /** How many had no mail of this kind in this episode. */
  readonly different: number
  /** It went to one of them at least for whom mail of its kind still counts. */
  readonly counts: boolean
}

/** Notes who they are. `undefined`: it is not known, and each message is taken to go to others. */
export function noteWritten(
  { written }: SubjectRecord,
  people: readonly number[] | undefined,
  message: { readonly recipients: number; readonly spam: boolean },
): PeopleNoted {
  if (people === undefined) return { different: message.recipients, counts: true }
  // What is judged spam is a habit once for each of them.
  const half = written.length / HALVES
  const [bytes, bits, most] = message.spam
    ? ([written.subarray(half), 1, 1] as const)
    : ([written.subarray(0, half), WRITTEN_BITS, CLEAN_OF_ONE] as const)
  const slots = (half * BITS_OF_BYTE) / bits
  let different = 0
  let counts = false
  for (const person of people) {
    const bit = (Math.abs(Math.trunc(person)) % slots) * bits || 0
    const at = Math.floor(bit / BITS_OF_BYTE)
    const shift = bit % BITS_OF_BYTE
    const byte = bytes[at] as number
    const before = (byte >> shift) & most
    if (before === 0) different++
    if (before === most) continue
    counts = true
    bytes[at] = byte + (1 << shift)
  }
  return { different: Math.min(different, message.recipients), counts }
}
