// One message of the selected mailbox, fetched from the back end by commands of our own, and nothing else that the back end says meanwhile.

import type { LetterIn } from '../../gateway/letter-in.ts'
import { tooLarge } from '../../gateway/submission.ts'
import { cannot, type Refusal, type Submitted, tryLater } from '../../gateway/submitted.ts'
import type { BackEndSide } from './back-end-side.ts'
import { roomFor } from './room-for-letter.ts'
import type { Fate } from './responses.ts'

/** In front of the verb, and the number that it then is. */
export type Which = { readonly by: '' | 'UID '; readonly one: string }

const TO_US: Fate = { to: 'us' }

/** The number of a set of one; why it is not taken otherwise. */
export function oneMessage(set: string): string | Refusal {
  const [, one, last = one] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(set) ?? []
  if (one !== undefined && Number(last) === Number(one)) return one
  // It is the last one of the moment at which the server reads it, and may be one that the client has not seen.
  if (set === '*')
    return cannot(
      '* is whichever message came last, and another may have come meanwhile; say its number',
    )
  return cannot('one message is taken at a time, by its number')
}

/** Why it could not be read. */
export async function fetchInto(
  letter: LetterIn,
  { by, one }: Which,
  given: {
    readonly backEnd: BackEndSide
    readonly maxSize: () => number
    readonly trouble: (error: unknown, about: string) => void
  },
): Promise<Submitted | undefined> {
  const { backEnd } = given
  const maxSize = given.maxSize()
  const room = roomFor(letter)
  let size: number | undefined
  const said = await backEnd.own(`${by}FETCH ${one} (UID BODY.PEEK[])`, (line, literal) => {
    if (size !== undefined || literal === undefined || !isOf(line, { by, one }, BODY))
      return undefined
    size = literal
    if (literal > maxSize) return TO_US
    return {
      to: 'us',
      literal: bytes => {
        backEnd.pause()
        void room.write(Buffer.from(bytes)).then(() => backEnd.resume())
      },
    }
  })
  await room.done()
  if (room.failed) {
    given.trouble(room.failed, 'sending over IMAP')
    return tryLater
  }
  if (said === undefined) return tryLater
  if (size === undefined) return cannot('there is no such message')
  if (size > maxSize) return tooLarge(maxSize)
  return letter.size === size ? undefined : tryLater
}

/** False also where the back end does not say it. */
export async function hasFlag(
  backEnd: BackEndSide,
  { by, one }: Which,
  flag: string,
): Promise<boolean> {
  let flags: string | undefined
  await backEnd.own(`${by}FETCH ${one} (UID FLAGS)`, line => {
    if (flags !== undefined || !isOf(line, { by, one }, FLAGS)) return undefined
    flags = /FLAGS \(([^()"]*)\)/i.exec(line)?.[1] ?? ''
    return TO_US
  })
  return (flags ?? '').toLowerCase().split(' ').includes(flag.toLowerCase())
}

/** RFC 9051 §7.5.2, as far as a server says it beside what was asked for. */
const ITEMS = String.raw`(?:UID \d+|FLAGS \([^()"]*\)|MODSEQ \(\d+\))`
export const BODY = new RegExp(
  String.raw`^\* (\d+) FETCH \((?:${ITEMS} )*BODY\[\] ~?\{\d+\}\r?\n$`,
  'i',
)
export const FLAGS = new RegExp(String.raw`^\* (\d+) FETCH \(${ITEMS}(?: ${ITEMS})*\)\r?\n$`, 'i')

/** Whether it is about that message: others may be told at any time (NOTIFY, RFC 5465 §5.2). */
function isOf(line: string, { by, one }: Which, form: RegExp): boolean {
  const number = form.exec(line)?.[1]
  const uid = /[( ]UID (\d+)[ )]/i.exec(line)?.[1]
  const hasFlags = form !== FLAGS || /FLAGS \(/i.test(line)
  return number !== undefined && hasFlags && Number(by === '' ? number : uid) === Number(one)
}
