// Walks the parts of a message (RFC 2046) as far as a judgement needs: text that people read, names of attachments.
// Archives are only found here, not opened. Bounded in depth, parts and bytes; broken structure yields what could be read and never
// throws.

import type { AttachedArchive } from '../model/attached-archive.ts'
import type { Unreadable } from '../model/message.ts'
import { archivesIn, isNamedArchive } from './archive-kind.ts'
import {
  decodeWords,
  type Field,
  fieldValue,
  type Header,
  parameter,
  parseHeader,
} from './header.ts'
import { ReadingBudget } from './reading-budget.ts'
import { decodeTransfer, decodingSteps } from './transfer-encoding.ts'

const MAX_DEPTH = 8
const MAX_PARTS = 100
const MAX_TEXT = 1024 * 1024
const MAX_NAMES = 100
/** RFC 2046 §5.1.1 allows a boundary of 70; of a longer one the rest is compared where its beginning was found. */
const SOUGHT = 72
/** Honest mail has one or two; more of them are not listed, and said to be unreadable. */
const MAX_ARCHIVES = 20

export type Walked = {
  text: string
  attachments: string[]
  /** Their bytes, decoded. */
  archives: AttachedArchive[]
  /** The beginning of what is not read as text, decoded, as far as it is wanted. */
  attached: string
  readonly attachedWanted: number
  unreadable: Set<Unreadable>
  parts: number
  /** Bytes that end here are not all: there was more of the message. */
  readonly cutAt: Uint8Array | undefined
  readonly budget: ReadingBudget
}

/**
 * Reads `raw`, a message whose header has been parsed already. `cut`: it is only its beginning. `attached`: how many bytes of what is
 * not read as text are wanted, all together.
 */
export function walkMime(
  raw: Buffer,
  header: Header,
  { cut, attached = 0 }: { readonly cut: boolean; readonly attached?: number },
): Walked {
  const found: Walked = {
    text: '',
    attachments: [],
    archives: [],
    attached: '',
    attachedWanted: attached,
    unreadable: new Set(),
    parts: 0,
    cutAt: cut ? raw : undefined,
    budget: new ReadingBudget(),
  }
  read(raw, header, { depth: 0, found })
  return found
}

type At = { readonly depth: number; readonly found: Walked }

function walk(raw: Buffer, depth: number, found: Walked): void {
  if (depth > MAX_DEPTH) found.unreadable.add('too-deep')
  else if (found.parts >= MAX_PARTS) found.unreadable.add('too-many-parts')
  else read(raw, parseHeader(raw), { depth, found })
}

function read(raw: Buffer, header: Header, { depth, found }: At): void {
  const { fields, body, elsewhere } = header
  found.parts++
  if (header.unsure) found.unreadable.add('header')
  const type = fieldValue(fields, 'content-type') ?? 'text/plain'
  const encoding = fieldValue(fields, 'content-transfer-encoding') ?? '7bit'
  const length = raw.length - body
  const readings = elsewhere === undefined ? 1 : 2
  if (!found.budget.take(body + length * readings * decodingSteps(encoding)))
    return void found.unreadable.add('too-much-work')
  if (/^multipart\//i.test(type)) {
    const boundary = parameter(type, 'boundary')
    const content = raw.subarray(elsewhere ?? body)
    if (boundary) for (const part of split(content, boundary)) walk(part, depth + 1, found)
    return
  }
  const part = { fields, type, encoding }
  readLeaf(raw.subarray(body), part, { depth, found })
  // For some readers the body begins where for others the header goes on.
  if (elsewhere !== undefined) readLeaf(raw.subarray(elsewhere), part, { depth, found })
}

type Part = { readonly fields: readonly Field[]; readonly type: string; readonly encoding: string }

function readLeaf(content: Buffer, { fields, type, encoding }: Part, { depth, found }: At): void {
  const name = attachmentName(fields, type)
  const decoded = decodeTransfer(content, encoding)
  if (name !== undefined || !/^(?:text|message)\//i.test(type)) {
    const wanted = found.attachedWanted - found.attached.length
    if (wanted > 0) found.attached += `${decoded.toString('utf8', 0, wanted)}\n`
    keepArchive({ name: name ?? '', bytes: decoded, cut: isCut(content, found.cutAt) }, found)
  }
  if (name !== undefined) {
    if (found.attachments.length < MAX_NAMES) found.attachments.push(name)
    else found.unreadable.add('too-many-parts')
    // A message that is attached under a name is a message all the same.
    if (!/^message\/rfc822/i.test(type)) return
  }
  if (/^message\/rfc822/i.test(type)) walk(decoded, depth + 1, found)
  else if (/^text\//i.test(type) && found.text.length < MAX_TEXT) {
    const latin = /8859-1|windows-1252/i.test(parameter(type, 'charset') ?? '')
    found.text += `${decoded.subarray(0, MAX_TEXT - found.text.length).toString(latin ? 'latin1' : 'utf8')}\n`
  }
}

function keepArchive(file: AttachedArchive & { readonly bytes: Buffer }, found: Walked): void {
  if (!isNamedArchive(file.name) && archivesIn(file.bytes, file.cut).length === 0) return
  if (found.archives.length < MAX_ARCHIVES) found.archives.push(file)
  else found.unreadable.add('archive')
}

/** The end of this part is the end of what was kept. */
function isCut(content: Buffer, kept: Uint8Array | undefined): boolean {
  if (!kept || content.buffer !== kept.buffer) return false
  return content.byteOffset + content.length === kept.byteOffset + kept.length
}

function attachmentName(fields: readonly Field[], type: string): string | undefined {
  const disposition = fieldValue(fields, 'content-disposition') ?? ''
  const name = parameter(disposition, 'filename') ?? parameter(type, 'name')
  if (name !== undefined) return decodeWords(name).slice(-255)
  return /^attachment/i.test(disposition) ? '' : undefined
}

/** The parts between boundary lines; the preamble and the epilogue are not parts. One more than are looked at, if there are. */
function split(content: Buffer, boundary: string): Buffer[] {
  const marker = Buffer.from(`--${boundary}`, 'latin1')
  // What seeks a long text takes time squared at worst.
  const sought = marker.subarray(0, SOUGHT)
  const rest = marker.subarray(SOUGHT)
  const parts: Buffer[] = []
  let from = -1
  for (
    let at = content.indexOf(sought);
    at >= 0;
    at = content.indexOf(sought, at + sought.length)
  ) {
    if (at > 0 && content[at - 1] !== 0x0a) continue
    if (!rest.equals(content.subarray(at + SOUGHT, at + marker.length))) continue
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
