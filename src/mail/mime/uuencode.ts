// Files between `begin` and `end` in a text (POSIX uuencode), which mail programs show as attachments without being told. One pass.

import { Gathered } from '../gathered.ts'

export type UuencodedFile = { readonly name: string; readonly bytes: Buffer }

const BEGIN = /^begin(-base64)?[ \t]{1,9}[0-7]{1,9}[ \t]{1,9}([^\r\n]{1,1000})/gm
/** The first line in a part whose encoding is uuencode (Python's reader needs no name there). */
const BEGIN_OF_PART =
  /^begin(-base64)?[ \t]{1,9}[0-7]{1,9}(?:[ \t]{1,9}([^\r\n]{1,1000})|[ \t]{0,9}\r?$)/gm
/** Files of one text; of more the names are read, and nothing else. */
const MAX_FILES = 100

/** `text` has one character a byte. In order. `cut`: what has no data may have it where the text goes on. */
export const uuencodedFiles = (text: string, { cut = false } = {}): readonly UuencodedFile[] =>
  filesAt(BEGIN, text, { cut })

/** What Thunderbird (mimeunty.cpp) opens a file at, in a message that says no type: it asks for no data. */
const SHOWN =
  /^(?:begin [0-7]{3,4} |=ybegin line=\d{1,20} size=\d{1,20} name=)[ \t]{0,99}([^\r\n]{1,1000})/gm

export const untypedFiles = (text: string): readonly string[] =>
  Array.from(text.matchAll(SHOWN), ([, name = '']) => nameOf(name)).slice(0, MAX_FILES + 1)

/** Where what follows is not read: a name is one with data or without. */
export const begunFiles = (line: string): readonly string[] =>
  Array.from(line.matchAll(BEGIN), ([, , name = '']) => nameOf(name))

/** The content of a part whose transfer encoding is uuencode. */
export const uuencodedPart = (text: string): Buffer =>
  Buffer.concat(filesAt(BEGIN_OF_PART, text, { cut: true }).map(({ bytes }) => bytes))

/** What has no line of data is running text (`begin 600 words about zip.exe`). */
function filesAt(
  begin: RegExp,
  text: string,
  { cut }: { readonly cut: boolean },
): readonly UuencodedFile[] {
  if (!text.includes('begin')) return []
  const found: UuencodedFile[] = []
  let behind = 0
  let isOne = true
  for (const { 0: line, 1: base64, 2: name = '', index } of text.matchAll(begin)) {
    const from = index + line.length
    // For some a file ends where another begins.
    if (index < behind) {
      if (isOne) found.push({ name: nameOf(name), bytes: Buffer.alloc(0) })
      if (found.length > MAX_FILES) break
      continue
    }
    const file = base64 === undefined ? uudecoded(text, from) : base64Until(text, from)
    behind = file.end
    isOne = file.isOne || (cut && file.end >= text.length)
    if (isOne) found.push({ name: nameOf(name), bytes: file.bytes })
    if (found.length > MAX_FILES) break
  }
  return found
}

const nameOf = (name: string): string => Buffer.from(name, 'latin1').toString('utf8').trim()

/** `isOne`: a line of it can be nothing else, or the file is empty and ended. */
type Decoded = { readonly bytes: Buffer; readonly end: number; readonly isOne: boolean }

function base64Until(text: string, from: number): Decoded {
  const stop = text.indexOf('\n====', from)
  const end = stop < 0 ? text.length : stop
  return { bytes: Buffer.from(text.slice(from, end), 'base64'), end, isOne: true }
}

/** Each line says with its first sign how many bytes it holds. */
function uudecoded(text: string, from: number): Decoded {
  const chunks = new Gathered()
  let at = from
  let isOne = false
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const next = newline < 0 ? text.length : newline + 1
    const count = (text.charCodeAt(at) - 32) & 63
    const isLine = text.charCodeAt(at) > 32 && text.charCodeAt(at) <= 96
    // Other lines than those of the file are stepped over.
    if (/^end\s*$/.test(text.slice(at, Math.min(next, at + 9)))) {
      isOne ||= at > from
      break
    }
    if (isLine && count > 0) {
      chunks.add(uuLine(text, { at: at + 1, next, count }))
      isOne ||= isData(text.slice(at + 1, Math.min(next, at + MAX_LINE)), count)
    }
    at = next
  }
  return { bytes: chunks.bytes(), end: at, isOne }
}

/** A line of 63 bytes, with a sum, and what ends it. */
const MAX_LINE = 1 + 84 + 4

/** As long as it says, without letters in lower case; spaces at its end may be lost, and a sum may follow. */
function isData(line: string, count: number): boolean {
  const data = line.replace(/[\r\n]{1,2}$/, '')
  const length = 4 * Math.ceil(count / 3)
  return data.length <= length + 2 && data.length >= length / 2 && /^[ -`]+$/.test(data)
}

/** A line holds 63 bytes at most. */
const LINE = Buffer.alloc(64)

/** The bytes of a line; valid until the next line is read. */
function uuLine(
  text: string,
  { at, next, count }: { readonly at: number; readonly next: number; readonly count: number },
): Buffer {
  const bytes = LINE.subarray(0, count)
  // What is missing at the end of a line is a space that was lost.
  const value = (place: number) => (place < next ? (text.charCodeAt(place) - 32) & 63 : 0)
  for (let i = 0, place = at; i < count; i += 3, place += 4) {
    const held =
      (value(place) << 18) | (value(place + 1) << 12) | (value(place + 2) << 6) | value(place + 3)
    bytes[i] = held >> 16
    if (i + 1 < count) bytes[i + 1] = (held >> 8) & 0xff
    if (i + 2 < count) bytes[i + 2] = held & 0xff
  }
  return bytes
}
