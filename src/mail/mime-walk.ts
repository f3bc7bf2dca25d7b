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
/** Honest mail has one or two; more of them are not listed, and it is said. */
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
  /** It is a bounce, and so returns a message that may be cut short anywhere (RFC 3464 §2). */
  readonly bounce: boolean
}

/**
 * Reads `raw`, a message whose header has been parsed already. `cut`: it is only its beginning. `attached`: how many bytes of what is
 * not read as text are wanted, all together. `fromNobody`: its envelope has no sender.
 */
export function walkMime(
  raw: Buffer,
  header: Header,
  { cut, attached = 0, fromNobody = false }: Wanted,
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
    bounce:
      fromNobody && /^multipart\/report\b/i.test(fieldValue(header.fields, 'content-type') ?? ''),
  }
  if (cut) found.unreadable.add('large')
  read(raw, header, { depth: 0, found, quoted: false })
  return found
}

type Wanted = {
  readonly cut: boolean
  readonly attached?: number
  readonly fromNobody?: boolean
}

/** `quoted`: in what a bounce returns. */
type At = { readonly depth: number; readonly found: Walked; readonly quoted: boolean }

function unread(what: Unreadable, { found, quoted }: At): void {
  found.unreadable.add(quoted ? 'quoted' : what)
}

function walk(raw: Buffer, at: At): void {
  if (at.depth > MAX_DEPTH) unread('too-deep', at)
  else if (at.found.parts >= MAX_PARTS) unread('too-many-parts', at)
  else read(raw, parseHeader(raw), at)
}

function read(raw: Buffer, header: Header, above: At): void {
  const { fields, body, elsewhere } = header
  const { depth, found } = above
  const type = fieldValue(fields, 'content-type') ?? 'text/plain'
  const returned = found.bounce && depth === 1 && /^(?:message|text\/rfc822-headers)\b/i.test(type)
  const at: At = { depth, found, quoted: above.quoted || returned }
  found.parts++
  if (header.unsure) unread('header', at)
  const encoding = fieldValue(fields, 'content-transfer-encoding') ?? '7bit'
  const length = raw.length - body
  const readings = elsewhere === undefined ? 1 : 2
  if (!found.budget.take(body + length * readings * decodingSteps(encoding)))
    return unread('too-much-work', at)
  if (/^multipart\//i.test(type)) {
    const boundary = parameter(type, 'boundary')
    const content = raw.subarray(elsewhere ?? body)
    if (boundary)
      for (const part of split(content, boundary)) walk(part, { ...at, depth: depth + 1 })
    return
  }
  const part = { fields, type, encoding }
  readLeaf(raw.subarray(body), part, at)
  // For some readers the body begins where for others the header goes on.
  if (elsewhere !== undefined) readLeaf(raw.subarray(elsewhere), part, at)
}

type Part = { readonly fields: readonly Field[]; readonly type: string; readonly encoding: string }

function readLeaf(content: Buffer, { fields, type, encoding }: Part, at: At): void {
  const { depth, found } = at
  const name = attachmentName(fields, type)
  const decoded = decodeTransfer(content, encoding)
  if (name !== undefined || !/^(?:text|message)\//i.test(type)) {
    const wanted = found.attachedWanted - found.attached.length
    if (wanted > 0) found.attached += `${decoded.toString('utf8', 0, wanted)}\n`
    const cut = at.quoted ? 'quoted' : isCut(content, found.cutAt) && 'large'
    keepArchive({ name: name ?? '', bytes: decoded, cut }, at)
  }
  if (name !== undefined) {
    if (found.attachments.length < MAX_NAMES) found.attachments.push(name)
    else unread('too-many-parts', at)
    // A message that is attached under a name is a message all the same.
    if (!/^message\/rfc822/i.test(type)) return
  }
  if (/^message\/rfc822/i.test(type)) walk(decoded, { ...at, depth: depth + 1 })
  else if (/^text\//i.test(type)) {
    if (found.text.length + decoded.length > MAX_TEXT) unread('large', at)
    if (found.text.length >= MAX_TEXT) return
    const latin = /8859-1|windows-1252/i.test(parameter(type, 'charset') ?? '')
    found.text += `${decoded.subarray(0, MAX_TEXT - found.text.length).toString(latin ? 'latin1' : 'utf8')}\n`
  }
}

function keepArchive(file: AttachedArchive & { readonly bytes: Buffer }, at: At): void {
  if (!isNamedArchive(file.name) && archivesIn(file.bytes, file.cut !== false).length === 0) return
  if (at.found.archives.length < MAX_ARCHIVES) at.found.archives.push(file)
  else unread('large-archive', at)
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
