// Files that a click opens as a message or as a text with files in it, whatever their type says: some programs attach what they forward as
// application/octet-stream.

import { fileExtension } from './file-extension.ts'

const MESSAGES: ReadonlySet<string> = new Set(['eml', 'mht', 'mhtml', 'mim', 'mime', 'nws'])
const UUENCODED: ReadonlySet<string> = new Set(['uu', 'uue', 'b64'])
const CALENDARS: ReadonlySet<string> = new Set(['ics', 'ical', 'icalendar', 'ifb', 'vcs'])
const CARDS: ReadonlySet<string> = new Set(['vcf', 'vcard'])
const MARKUP: ReadonlySet<string> = new Set('htm html shtml xht xhtm xhtml svg'.split(' '))
const BOM = Buffer.from('\ufeff')
const [LF, CR] = [0x0a, 0x0d]

const has = (extensions: ReadonlySet<string>, name: string): boolean =>
  extensions.has(fileExtension(name)?.toLowerCase() ?? '')

export const isNamedMessage = (name: string): boolean => has(MESSAGES, name)

/** What a browser shows, with its links. */
export const isNamedMarkup = (name: string): boolean => has(MARKUP, name)

/** Files between `begin` and `end` (mime/uuencode.ts). */
export const isNamedUuencoded = (name: string): boolean => has(UUENCODED, name)

/** With files in its lines (mime/content-lines.ts). */
export const isNamedCalendar = (name: string): boolean => has(CALENDARS, name)

/** Likewise. */
export const isNamedCard = (name: string): boolean => has(CARDS, name)

/** As Outlook calls what holds the files of a message (mime/winmail.ts). */
export const isNamedWinmail = (name: string): boolean =>
  /(?:^|[\\/])winmail\.dat$|\.tnef$/i.test(name)

/** Where the header of the message in such a file begins: behind empty lines, and a line of mbox. */
export function messageInFile(bytes: Buffer): Buffer {
  let at = bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0
  while (bytes[at] === LF || bytes[at] === CR) at++
  if (/^>?From /.test(bytes.toString('latin1', at, at + 6))) {
    const end = bytes.indexOf(LF, at)
    at = end < 0 ? bytes.length : end + 1
  }
  return bytes.subarray(at)
}
