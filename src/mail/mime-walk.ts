// Walks the parts of a message (RFC 2046) as far as a judgement needs: text that people read, names of attachments.
// Bounded in depth, parts and bytes; broken structure yields what could be read and never throws.

import {
  decodeWords,
  type Field,
  fieldValue,
  type Header,
  parameter,
  parseHeader,
} from './header.ts'
import type { Unreadable } from '../model/message.ts'
import { archiveReader, TELLING } from './archives/archive-names.ts'
import { decodeTransfer } from './transfer-encoding.ts'

const MAX_DEPTH = 8
const MAX_PARTS = 100
const MAX_TEXT = 1024 * 1024
const MAX_NAMES = 50
const MAX_ARCHIVED = 2000

export type Walked = {
  text: string
  attachments: string[]
  /** Names of files in archives. */
  archived: string[]
  encryptedArchive: boolean
  unreadable: Set<Unreadable>
  parts: number
}

/** Reads `raw`, a message whose header has been parsed already. */
export function walkMime(raw: Buffer, header: Header): Walked {
  const found: Walked = {
    text: '',
    attachments: [],
    archived: [],
    encryptedArchive: false,
    unreadable: new Set(),
    parts: 0,
  }
  read(raw, header, { depth: 0, found })
  return found
}

type At = { readonly depth: number; readonly found: Walked }

function walk(raw: Buffer, depth: number, found: Walked): void {
  if (depth > MAX_DEPTH || found.parts >= MAX_PARTS) return
  read(raw, parseHeader(raw), { depth, found })
}

function read(raw: Buffer, header: Header, { depth, found }: At): void {
  const { fields, body, elsewhere } = header
  found.parts++
  if (header.unsure) found.unreadable.add('header')
  const type = fieldValue(fields, 'content-type') ?? 'text/plain'
  if (/^multipart\//i.test(type)) {
    const boundary = parameter(type, 'boundary')
    const content = raw.subarray(elsewhere ?? body)
    if (boundary) for (const part of split(content, boundary)) walk(part, depth + 1, found)
    return
  }
  readLeaf(raw.subarray(body), { fields, type }, { depth, found })
  // For some readers the body begins where for others the header goes on.
  if (elsewhere !== undefined) readLeaf(raw.subarray(elsewhere), { fields, type }, { depth, found })
}

type Part = { readonly fields: readonly Field[]; readonly type: string }

function readLeaf(content: Buffer, { fields, type }: Part, { depth, found }: At): void {
  const name = attachmentName(fields, type)
  if (name !== undefined) {
    if (found.attachments.length < MAX_NAMES) found.attachments.push(name)
    lookInside(content, fieldValue(fields, 'content-transfer-encoding') ?? '7bit', found)
    // A message that is attached under a name is a message all the same.
    if (!/^message\/rfc822/i.test(type)) return
  }
  const decoded = decodeTransfer(content, fieldValue(fields, 'content-transfer-encoding') ?? '7bit')
  if (/^message\/rfc822/i.test(type)) walk(decoded, depth + 1, found)
  else if (/^text\//i.test(type) && found.text.length < MAX_TEXT) {
    const latin = /8859-1|windows-1252/i.test(parameter(type, 'charset') ?? '')
    found.text += `${decoded.subarray(0, MAX_TEXT - found.text.length).toString(latin ? 'latin1' : 'utf8')}\n`
  }
}

/** The first bytes say whether it is an archive; only then all of them are decoded. */
function lookInside(content: Buffer, encoding: string, found: Walked): void {
  const start = decodeTransfer(content.subarray(0, 2 * TELLING), encoding)
  const read = archiveReader(start)
  if (!read) return
  const { names, encrypted } = read(decodeTransfer(content, encoding))
  found.archived.push(...names.slice(0, Math.max(0, MAX_ARCHIVED - found.archived.length)))
  if (encrypted) found.encryptedArchive = true
}

function attachmentName(fields: readonly Field[], type: string): string | undefined {
  const disposition = fieldValue(fields, 'content-disposition') ?? ''
  const name = parameter(disposition, 'filename') ?? parameter(type, 'name')
  if (name !== undefined) return decodeWords(name).slice(-255)
  return /^attachment/i.test(disposition) ? '' : undefined
}

/** The parts between boundary lines; the preamble and the epilogue are not parts. */
function split(content: Buffer, boundary: string): Buffer[] {
  const marker = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Buffer[] = []
  let from = -1
  for (
    let at = content.indexOf(marker);
    at >= 0;
    at = content.indexOf(marker, at + marker.length)
  ) {
    if (at > 0 && content[at - 1] !== 0x0a) continue
    if (from >= 0) parts.push(content.subarray(from, at))
    const after = at + marker.length
    const closing = content[after] === 0x2d && content[after + 1] === 0x2d
    const newline = content.indexOf(0x0a, after)
    if (closing || newline < 0 || parts.length >= MAX_PARTS) return parts
    from = newline + 1
  }
  if (from >= 0) parts.push(content.subarray(from))
  return parts
}
