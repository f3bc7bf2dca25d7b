// Calendars and address cards (RFC 5545 §3.1, RFC 6350 §3.2): lines that are folded, with a name, parameters and a value. The files in them
// (`ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=…`), which Outlook attaches to the meeting, are parts; the rest is text, as a program shows
// it that knows such lines: whole, and without escapes.

import { isNamedCalendar, isNamedCard } from '../named-message.ts'
import { readingsOfBase64 } from './base64.ts'
import { type Container, type HeldPart, type Leaf, UNTYPED } from './inside.ts'
import { fileIn, type LineFile, withoutEscapes } from './line-files.ts'
import { mediaTypes } from './media-types.ts'
import { charsetsOf, decoded, isShifted } from './text.ts'
import { DECODING_STEPS, decodeTransfer } from './transfer-encoding.ts'
import { addText, type At, mayTake, unread } from './walked.ts'

const TEXT_TYPES: ReadonlySet<string> = new Set([
  'text/calendar',
  'text/x-vcalendar',
  'text/vcard',
  'text/x-vcard',
  'text/directory',
])
const TYPES: ReadonlySet<string> = new Set([
  ...TEXT_TYPES,
  'application/ics',
  'application/x-ics',
  'application/calendar',
  'application/x-vcalendar',
  'application/vcard',
  'application/x-vcard',
])
/** Work of a byte, and of a line. */
const STEPS = 1
const LINE_STEPS = 10

/** A text that no program shows as it stands there, if it knows the type. */
export const isLinesType = (type: string): boolean => TEXT_TYPES.has(type)

const isNamedLines = (name: string): boolean => isNamedCalendar(name) || isNamedCard(name)

export const CONTENT_LINES: Container = {
  holds: ({ types, names }) => types.some(type => TYPES.has(type)) || names.some(isNamedLines),
  read: (leaf, at) => {
    const charsets = charsetsOf(leaf.fields, at)
    const plain = charsets.filter(charset => !isShifted(charset))
    const shifted = charsets.filter(isShifted)
    const inside = plain.length === 0 ? [] : readLines(leaf.bytes, { leaf, charsets: plain, at })
    return shifted.reduce((all, charset) => {
      const bytes = Buffer.from(decoded(leaf.bytes, charset, at))
      return [...all, ...readLines(bytes, { leaf, charsets: ['utf-8'], at })]
    }, inside)
  },
}

type LinesReading = { readonly leaf: Leaf; readonly charsets: readonly string[]; readonly at: At }

function readLines(bytes: Buffer, { leaf, charsets, at }: LinesReading): readonly HeldPart[] {
  if (!mayTake(bytes.length * STEPS, at)) return []
  const lines = bytes.toString('latin1').split('\n')
  if (!mayTake(lines.length * LINE_STEPS, at)) return []
  const files: LineFile[] = []
  const shown: string[] = []
  const whole = unfolded(lines)
  for (const [i, line] of whole.entries()) {
    const { files: found, text, tooLong } = fileIn(line, steps => mayTake(steps, at))
    if (tooLong) unread('header', at)
    shown.push(text)
    const cut = leaf.cut && i === whole.length - 1
    for (const one of found) files.push({ ...one, cut })
  }
  addTexts(withoutEscapes(shown.join('\n')), charsets, at)
  return files.flatMap(one => partOf(one, at))
}

/** Also over empty lines, as some programs do. */
function unfolded(lines: readonly string[]): readonly string[] {
  const all: string[][] = []
  let last: string[] | undefined
  for (const written of lines) {
    const line = written.endsWith('\r') ? written.slice(0, -1) : written
    if (line === '') continue
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) last.push(line.slice(1))
    else all.push((last = [line]))
  }
  return all.map(pieces => (pieces.length === 1 ? (pieces[0] ?? '') : pieces.join('')))
}

function addTexts(text: string, charsets: readonly string[], at: At): void {
  const bytes = Buffer.from(text, 'latin1')
  const seen = new Set(charsets.map(charset => decoded(bytes, charset, at)))
  for (const one of seen) addText(one, at)
  // Of vCard 2.1 and vCalendar 1.0.
  if (!/quoted-printable/i.test(text)) return
  if (!mayTake(bytes.length * DECODING_STEPS['quoted-printable'], at)) return
  for (const one of decodeTransfer(bytes, 'quoted-printable'))
    for (const charset of charsets) addText(decoded(one, charset, at), at)
}

function partOf({ names, types, value, cut }: LineFile, at: At): readonly HeldPart[] {
  if (!mayTake(value.length * DECODING_STEPS.base64, at)) return []
  return readingsOfBase64(value).map(bytes => ({
    names,
    types: mediaTypes(
      types.map(type => ({ value: type })),
      UNTYPED,
    ),
    bytes,
    cut,
  }))
}
