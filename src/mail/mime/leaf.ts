// One part that is not made of parts: its text, the archive in it, the messages in it, files between lines of its text.

import type { AttachedArchive } from '../../model/attached-archive.ts'
import { archivesIn, isNamedArchive } from '../archive-kind.ts'
import { parseHeader } from '../header.ts'
import { isNamedMarkup, isNamedMessage, isNamedUuencoded, messageInFile } from '../named-message.ts'
import { isNamedPart } from '../split-archive.ts'
import { binHexName } from './binhex.ts'
import { charsetInside } from './charset-inside.ts'
import { insideOf } from './containers.ts'
import { isLinesType } from './content-lines.ts'
import type { HeldPart, Leaf } from './inside.ts'
import { BLOCK_STEPS, isReport, mayBeReport, reportBlocks } from './report-blocks.ts'
import { charsetsOf, decoded } from './text.ts'
import { untypedFiles, uuencodedFiles } from './uuencode.ts'
import { addNames, addText, type At, mayTake, unread } from './walked.ts'

/** Honest mail has one or two; more of them are not listed, and it is said. */
export const MAX_ARCHIVES = 20

/** Types of what a browser shows, with its links. */
const MARKUP = /^(?:application\/xhtml\+xml|image\/svg(?:\+xml)?|application\/(?:svg\+)?xml)$/

/** The content is elsewhere, or the rest of it comes in other messages (RFC 2046 §5.2). */
const NOT_HERE = /^message\/(?:external-body|partial)$/

/** Reads the part; returns what is in it. */
export function readLeaf(leaf: Leaf, at: At): readonly HeldPart[] {
  const { bytes, content, fields, types } = leaf
  const isText =
    types.some(type => type.startsWith('text/') || MARKUP.test(type)) ||
    leaf.names.some(isNamedMarkup)
  const isMessage = types.some(type => type.startsWith('message/'))
  const isFile = leaf.names.length > 0 || !(isText || isMessage)
  if (isFile) keepFile(leaf, at)
  const inside = [...insideOf(leaf, at)]
  if (types.some(isShownAsText) || leaf.names.some(isNamedMarkup)) readText(leaf, at)
  else if (isText || leaf.names.some(isNamedUuencoded)) readUuencodedOf(leaf, at)
  inside.push(...blocksIn(leaf, at))
  if (!isMessage)
    return leaf.names.some(isNamedMessage) ? [...inside, { message: messageInFile(bytes) }] : inside
  if (types.some(type => NOT_HERE.test(type))) {
    unread('elsewhere', at)
    // The Content-Type field has the content's address.
    addText(fields.types.map(({ value }) => value).join('\n'), at)
  }
  if (types.every(type => !type.startsWith('message/') || isReport(type))) return inside
  const ways = bytes === content || isAlike(bytes, content) ? [bytes] : [bytes, content]
  return [...inside, ...ways.map(message => ({ message }))]
}

/** Some show a report as the text that it is. Text in content lines is read with what holds it. */
const isShownAsText = (type: string): boolean =>
  (type.startsWith('text/') && !isLinesType(type)) || MARKUP.test(type) || isReport(type)

/** Of a report, also as it came: RFC 3464 §2.1 forbids to encode it. */
function blocksIn({ bytes, content, types }: Leaf, at: At): readonly HeldPart[] {
  const ways = bytes === content ? [bytes] : [bytes, content]
  return ways.flatMap(way => {
    if (!mayBeReport(types) || !mayTake(way.length * BLOCK_STEPS, at)) return []
    const { blocks, tooMany } = reportBlocks(way, types)
    if (tooMany) unread('too-many-parts', at)
    return blocks.map(message => ({ message }))
  })
}

/** A mail program that does not decode the content finds no other fields in it. */
function isAlike(bytes: Buffer, content: Buffer): boolean {
  const undecoded = parseHeader(content).fields
  if (undecoded.length === 0) return true
  const { fields } = parseHeader(bytes)
  return undecoded.every(
    ({ name, value }, i) => fields[i]?.name === name && fields[i].value === value,
  )
}

function readText(leaf: Leaf, at: At): void {
  const { fields, bytes, types } = leaf
  const charsets = charsetsOf(fields, at)
  const [first = '', ...others] = charsets
  const text = decoded(bytes, first, at)
  addText(text, at)
  if (fields.types.some(isFlowing) && mayTake(text.length, at))
    addText(text.replaceAll(/ \r?\n/g, ''), at)
  for (const charset of others) {
    const other = decoded(bytes, charset, at)
    if (other !== text) addText(other, at)
  }
  const inside = types.every(isPlain) ? undefined : charsetInside(bytes, text, charsets)
  if (inside !== undefined) addText(decoded(bytes, inside, at), at)
  readUuencodedOf(leaf, at, text)
}

function readUuencodedOf(leaf: Leaf, at: At, text: string | Buffer = leaf.bytes): void {
  const { bytes, content, fields } = leaf
  const untyped = fields.types.every(isUntyped)
  if (text.includes('begin')) readUuencoded(bytes, at, untyped)
  const binHex = untyped && text.includes('with BinHex') ? binHexName(bytes) : undefined
  if (binHex !== undefined && binHex !== '') addNames([binHex], at)
  if (content !== bytes && content.includes('begin')) readUuencoded(content, at)
}

const isPlain = (type: string): boolean => type === 'text/plain'

const isUntyped = ({ value }: { readonly value: string }): boolean => /^\s*text\s*$/i.test(value)

/** RFC 3676 §4.1: the space at the end of a line is not there, and the line goes on. */
const isFlowing = ({ value }: { readonly value: string }): boolean => /delsp\W*yes/i.test(value)

/** `untyped`: no field says the part's type. */
function readUuencoded(raw: Buffer, at: At, untyped = false): void {
  if (!mayTake(raw.length * 6, at)) return
  const text = raw.toString('latin1')
  const files = uuencodedFiles(text, { cut: at.found.cutAt !== undefined })
  if (untyped) {
    const known = new Set(files.map(({ name }) => name))
    addNames(
      untypedFiles(text).filter(name => !known.has(name)),
      at,
    )
  }
  for (const { name, bytes } of files) {
    addNames([name], at)
    keepArchive({ names: [name], bytes, cut: at.quoted && 'quoted' }, at)
  }
}

function keepFile({ names, bytes, cut }: Leaf, at: At): void {
  const { found } = at
  const wanted = found.attachedWanted - found.attached.length
  if (wanted > 0) found.attached += `${bytes.toString('utf8', 0, wanted)}\n`
  keepArchive({ names, bytes, cut: at.quoted ? 'quoted' : cut && 'large' }, at)
}

type File = {
  readonly names: readonly string[]
  readonly bytes: Buffer
  readonly cut: AttachedArchive['cut']
}

function keepArchive({ names, bytes, cut }: File, at: At): void {
  const named = names.find(name => isNamedArchive(name) || isNamedPart(name))
  if (named === undefined && archivesIn(bytes, cut !== false).length === 0) return
  const { archives } = at.found
  if (archives.length < MAX_ARCHIVES) archives.push({ name: named ?? names[0] ?? '', bytes, cut })
  else unread('large-archive', at)
}

/** Whether this part ends where the kept bytes end. */
export function isCut(content: Buffer, kept: Uint8Array | undefined): boolean {
  if (!kept || content.buffer !== kept.buffer) return false
  return content.byteOffset + content.length === kept.byteOffset + kept.length
}
