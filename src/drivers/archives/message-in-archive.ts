// A message in an archive, or a text, a calendar, an address card or a winmail.dat with files in it: the names of its attachments, and its archives.

import {
  isNamedCalendar,
  isNamedCard,
  isNamedMessage,
  isNamedUuencoded,
  isNamedWinmail,
  messageInFile,
} from '../../mail/named-message.ts'
import { Summarizer } from '../../mail/summary.ts'
import type { AttachedArchive } from '../../model/attached-archive.ts'
import type { Unreadable } from '../../model/message.ts'

export type ReadFile = {
  readonly names: readonly string[]
  readonly archives: readonly AttachedArchive[]
  readonly unreadable: ReadonlySet<Unreadable>
}

export const isMessage = (name: string): boolean => isNamedMessage(name) || isNamedUuencoded(name)

/** Read where that costs no more than reading: a calendar that is not looked into is no damage. */
export const holdsFiles = (name: string): boolean =>
  isMessage(name) || typeInFile(name) !== undefined

/** Of a file that holds others, and is no message. */
function typeInFile(name: string): string | undefined {
  if (isNamedCalendar(name)) return 'text/calendar'
  if (isNamedCard(name)) return 'text/vcard'
  return isNamedWinmail(name) ? 'application/ms-tnef' : undefined
}

/** As if it had come alone. */
export function readFileOfMessage(bytes: Buffer, name: string): ReadFile {
  // What is no message begins behind an empty line.
  const type = typeInFile(name)
  const header = type === undefined ? '\r\n' : `Content-Type: ${type}\r\n\r\n`
  const raw = isNamedMessage(name)
    ? messageInFile(bytes)
    : Buffer.concat([Buffer.from(header), bytes])
  const summarizer = new Summarizer({ folds: 'never' })
  const rest = summarizer.write(raw)
  const { attachments, unreadable = [] } = summarizer.finish('sender', raw.length)
  const { archives } = summarizer
  if (!rest) return { names: attachments, archives, unreadable: new Set(unreadable) }
  const later = summarizer.later()
  later.push(rest)
  later.end()
  return {
    names: [...attachments, ...later.names],
    archives,
    unreadable: new Set([...unreadable, ...later.unreadable]),
  }
}
