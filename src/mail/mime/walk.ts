// Walks the parts of a message (RFC 2046) as far as a judgement needs: text that people read, names of attachments. Where readers may
// take a part for different things, it is read as each of them. Archives are only found here, not opened. Bounded in depth, parts and
// work; broken structure yields what could be read and never throws.

import { fieldValue, type Header, parseHeader } from '../header.ts'
import { ReadingBudget } from '../reading-budget.ts'
import { isTextBytes } from '../text-bytes.ts'
import { splitAtAll, splitParts } from './boundaries.ts'
import type { InnerFile, HeldPart } from './inside.ts'
import { isCut, readLeaf } from './leaf.ts'
import { mediaTypes } from './media-types.ts'
import { PARAMETER_STEPS, type Parameters, parameters } from './parameters.ts'
import { partFields, type PartFields } from './part-fields.ts'
import { nameReadings, partNames } from './part-names.ts'
import { nameByType } from './program-types.ts'
import { isCalledCom, isLikeWebSite, readsAsText } from './text-called-com.ts'
import {
  DECODING_STEPS,
  decodeTransfer,
  type Encoding,
  transferEncodings,
} from './transfer-encoding.ts'
import { addNames, addText, type At, mayTake, unread, type Walked } from './walked.ts'

/** Levels; each forward of a forward takes two. */
const MAX_DEPTH = 32
/** Each message in a digest of a busy list has three and more. */
export const MAX_PARTS = 1000
/** Work that a part takes, however short it is. */
const PART_STEPS = 40
/** Looks at each byte of a file in a part, for an archive in it. */
const FILE_STEPS = 2
/** Work of telling whether a part was read already. */
const PLACE_STEPS = 10
/** Of cutting a message at all boundaries. */
const MAX_ROUNDS = 3
/** Boundaries that a mail program may read in the fields of one part. */
const MAX_BOUNDARIES = 20

/**
 * Reads `raw`, a message whose header has been parsed already. `cut`: it is only its beginning. `attached`: how many bytes of what is
 * not read as text are wanted, all together. `hasNullSender`: its envelope has no sender.
 */
export function walkMime(
  raw: Buffer,
  header: Header,
  { cut, attached = 0, hasNullSender = false, budget = new ReadingBudget() }: PartContext,
): Walked {
  const found: Walked = {
    text: '',
    attachments: [],
    archives: [],
    attached: '',
    attachedWanted: attached,
    unreadable: new Set(),
    parts: 0,
    boundaries: new Set(),
    entangled: false,
    digest: false,
    cutAt: cut ? raw : undefined,
    budget,
    bounce:
      hasNullSender &&
      /^multipart\/report\b/i.test(fieldValue(header.fields, 'content-type') ?? ''),
  }
  if (cut) found.unreadable.add('large')
  const at: At = { depth: 0, found, usual: 'text/plain', within: [], quoted: false }
  read(raw, header, at)
  if (found.entangled) readFlat(raw, at)
  return found
}

type PartContext = {
  readonly cut: boolean
  readonly attached?: number
  readonly hasNullSender?: boolean
  readonly budget?: ReadingBudget
}

/** Types of the part that a bounce returns. */
const RETURNED = /^(?:message\/|text\/rfc822-headers$)/

/**
 * Each piece between any two boundaries as a part of its own; once more where they name other boundaries. And all of it as text: for some
 * a boundary is none, so that the header behind it is text.
 */
function readFlat(raw: Buffer, at: At): void {
  const { boundaries } = at.found
  if (mayTake(raw.length, at)) addText(raw.toString('utf8'), at)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const known = boundaries.size
    readPieces(raw, at)
    if (boundaries.size === known) return
  }
  unread('header', at)
}

function readPieces(raw: Buffer, at: At): void {
  const { boundaries } = at.found
  if (!mayTake(raw.length * boundaries.size, at)) return
  const { parts, tooMany } = splitAtAll(raw, [...boundaries], MAX_PARTS)
  if (tooMany) unread('too-many-parts', at)
  for (const part of parts) walk(part, { ...at, depth: 1 })
  // One of the pieces may have been the header of a digest.
  if (!at.found.digest) return
  for (const part of parts) walk(part, { ...at, depth: 1, usual: 'message/rfc822' })
}

/** A part whose header has not been read. */
function walk(raw: Buffer, at: At): void {
  if (mayRead(at)) read(raw, parseHeader(raw), at)
}

/** Within the limits of a message; else it is said. */
function mayRead(at: At): boolean {
  if (at.depth > MAX_DEPTH) unread('too-deep', at)
  else if (at.found.parts >= MAX_PARTS) unread('too-many-parts', at)
  else return mayTake(PART_STEPS, at)
  return false
}

function read(raw: Buffer, header: Header, above: At): void {
  const { body, elsewhere } = header
  const fields = partFields(header.fields)
  const types = mediaTypes(fields.types, above.usual)
  const { bounce } = above.found
  const isReturned = bounce && above.depth === 1 && types.some(type => RETURNED.test(type))
  const at: At = isReturned ? { ...above, quoted: true } : above
  at.found.parts++
  if (header.unsure) unread('header', at)
  if (!mayTake(body + fields.size * PARAMETER_STEPS, at)) return
  const { names, tooMany, foreign } = partNames(fields, at.found.budget)
  // No honest mail has so many in one part.
  if (tooMany) unread('header', at)
  if (foreign) unread('character-set', at)
  readPart(raw.subarray(body), { fields, names, types }, at)
  if (elsewhere === undefined) return
  // The part is text, and the bytes at `elsewhere` are a part of that text.
  if (!header.unsure && types.every(type => type === 'text/plain')) return
  // For some readers the body begins where for others the header goes on; those readers may not have seen the part's type.
  const content = raw.subarray(elsewhere)
  readAs(content, { fields, names, types: [...types, 'text/plain'] }, at)
  const { before = header.fields.length } = header
  if (before === header.fields.length) return
  const seen = partFields(header.fields.slice(0, before))
  readAs(content, { fields: seen, names, types: mediaTypes(seen.types, at.usual) }, at)
}

type Part = {
  readonly fields: PartFields
  readonly names: readonly string[]
  readonly types: readonly string[]
  /** Of a file in a part; of a part itself its place tells. */
  readonly cut?: boolean
}

function readPart(content: Buffer, part: Part, at: At): void {
  const { names } = part
  addNames(
    isTextCalledCom(content, part, at) ? names.filter(name => !isCalledCom(name)) : names,
    at,
  )
  readAs(content, part, at)
}

/** What a part holds, as a part. */
function readInside(inside: HeldPart, { depth, ...above }: At): void {
  const at: At = { ...above, depth: depth + 1, usual: 'text/plain' }
  if ('message' in inside) walk(inside.message, at)
  else if (mayRead(at) && mayTake(inside.bytes.length * FILE_STEPS, at)) readFile(inside, at)
}

const NO_FIELDS = partFields([])

function readFile({ names, types, bytes, cut }: InnerFile, at: At): void {
  at.found.parts++
  const said = names.some(name => name !== '') ? names : [nameByType(types) ?? '']
  const all = [...new Set(said.flatMap(nameReadings))]
  readPart(bytes, { fields: NO_FIELDS, names: all, types, cut }, at)
}

/** A text that goes by the name of a web site: `text-called-com.ts`. What was cut off a text has not been read. */
function isTextCalledCom(content: Buffer, part: Part, at: At): boolean {
  const { fields, names, types } = part
  const called = names.filter(isCalledCom)
  if (called.length === 0 || !called.every(isLikeWebSite)) return false
  const isMessage = types.every(type => type.startsWith('message/'))
  const { cut = isCut(content, at.found.cutAt) } = part
  if (!isMessage && (cut || !types.every(isTextOrMessage))) return false
  return isTextBytes(content) && decodings(content, fields, at).every(readsAsText)
}

const isTextOrMessage = (type: string): boolean => /^(?:text|message)\//.test(type)

/** Reads a part as everything that it may be: a multipart, a message, or a leaf. */
function readAs(content: Buffer, part: Part, at: At): void {
  const { types } = part
  const isMultipart = types.some(type => type.startsWith('multipart/'))
  const isText = isMultipart && !readMultipart(content, part, at)
  const others = isMultipart ? types.filter(type => !type.startsWith('multipart/')) : types
  const leaf = isText ? [...others, 'text/plain'] : others
  if (leaf.length === 0) return
  const { cut = isCut(content, at.found.cutAt) } = part
  for (const bytes of decodings(content, part.fields, at))
    for (const inside of readLeaf({ ...part, content, bytes, types: leaf, cut }, at))
      readInside(inside, at)
}

/** False when the multipart has no part for some reader: then it is text. */
function readMultipart(content: Buffer, { fields, types }: Part, at: At): boolean {
  const isDigest = types.includes('multipart/digest')
  if (isDigest) at.found.digest = true
  const usual = isDigest ? 'message/rfc822' : 'text/plain'
  const said = parameters(fields.types, 'boundary', at.found.budget)
  // Without one each line that begins with two dashes is a boundary for some, and all of it text for others.
  const all = said.values.size === 0 ? [''] : boundariesOf(said, at)
  if (!mayTake(all.length * at.within.length, at)) return true
  const inside: At = { ...at, depth: at.depth + 1, usual, within: [...at.within, ...all] }
  if (all.some(boundary => at.within.includes(boundary))) at.found.entangled = true
  for (const boundary of all) at.found.boundaries.add(boundary)
  // RFC 2045 §6.4 forbids to encode it, and some decode it all the same.
  const readings = new Set([content, ...decodings(content, fields, at)])
  // Most readings of a boundary agree about most parts.
  const seen = new Set<string>()
  const isSplit = all.map(boundary =>
    [...readings].map(bytes => {
      if (!mayTake(bytes.length, at)) return true
      const splits = splitParts(bytes, boundary, MAX_PARTS)
      for (const { parts, tooMany } of splits) {
        if (tooMany) unread('too-many-parts', at)
        if (!mayTake(parts.length * PLACE_STEPS, at)) return true
        for (const part of parts) {
          const place = `${part.byteOffset} ${part.length}`
          if (bytes === content && seen.has(place)) continue
          seen.add(place)
          walk(part, inside)
        }
      }
      return splits.every(({ parts }) => parts.length > 0)
    }),
  )
  return said.values.size > 0 && !said.doubtful && isSplit.flat().every(Boolean)
}

/** With the space at their ends, and without it. */
function boundariesOf({ values, tooMany, foreign }: Parameters, at: At): readonly string[] {
  const all = new Set<string>()
  for (const value of values) all.add(value).add(value.trimEnd())
  if (tooMany || all.size > MAX_BOUNDARIES) unread('header', at)
  if (foreign) unread('character-set', at)
  return [...all].slice(0, MAX_BOUNDARIES)
}

/** One, nearly always; as far as there is work left for it. */
function decodings(content: Buffer, { encodings }: PartFields, at: At): readonly Buffer[] {
  const decode = (encoding: Encoding) =>
    mayTake(content.length * DECODING_STEPS[encoding], at) ? decodeTransfer(content, encoding) : []
  const [first = 'none', ...others] = transferEncodings(encodings)
  return others.length === 0 ? decode(first) : [first, ...others].flatMap(decode)
}
