// The header of a message as mailauth may have it. Mailauth works for each signature that it sees, and puts together a field of many
// lines by copying it once for each line: what would be too much never reaches it.

import { MAX_FROM } from '../../mail/authors.ts'
import type { LeftOut } from './left-out.ts'
import { tagOf } from './signature-tags.ts'

/** DKIM-Signature fields, from the top; honest mail has one to three. */
export const MAX_SIGNATURES = 10
/** Ways in which signatures hash the body, each of which reads all of it: honest ones have one or two, and `l=` makes any number. */
const MAX_HASHES = 4
/** RFC 8617 §4.2.1 allows 50 sets. One more is passed on, so that mailauth says that there are too many. */
const MAX_OF_ARC = 51
/** Bytes of one signature: each name in its `h=` is looked for among all fields. A signature of 4096 bits takes about 1000. */
const MAX_SIGNATURE = 8 * 1024
/** Octets of one that are not ASCII: U-labels in `d=`, `i=` and `s=` (RFC 8616) take a few dozen. For mailauth see `MAX_FOREIGN_FROM`. */
const MAX_FOREIGN = 128
/** Lines of all fields together. */
const MAX_LINES = 5000

const MOST: ReadonlyMap<string, number> = new Map([
  ['dkim-signature', MAX_SIGNATURES],
  ['arc-seal', MAX_OF_ARC],
  ['arc-message-signature', MAX_OF_ARC],
  ['arc-authentication-results', MAX_OF_ARC],
])

/** `header` with its empty line. Of From fields that are too long to be read only the names are left. What is left out is noted in `left`. */
export function boundedHeader(header: Buffer, left: LeftOut): Buffer {
  const fields = header.toString('latin1').split(/\n(?![ \t])/)
  const seen = new Map<string, number>()
  const hashes = new Set<string>()
  const kept = fields.filter(field => {
    const name = nameOf(field)
    const most = MOST.get(name)
    if (most === undefined) return true
    const before = seen.get(name) ?? 0
    const isShort = !isForeign(field) && (!name.endsWith('-signature') || isFew(field, hashes))
    if (before < most && isShort) {
      seen.set(name, before + 1)
      return true
    }
    if (name === 'dkim-signature') left.signatures++
    else left.sets++
    return false
  })
  return Buffer.from(ofFewLines(ofShortFrom(kept, left), left).join('\n'), 'latin1')
}

/**
 * Bytes of all From fields together, if they are not plain: to write a domain in A-labels takes mailauth the square of its length (its
 * punycode counts through all letters for each of them, and marks are put in order). Three authors with long names take less.
 */
const MAX_FOREIGN_FROM = 1500
// oxlint-disable-next-line no-control-regex
const FOREIGN = /[^\0-\x7f]|=\?/

/** Mailauth reads the addresses in every From field, which costs more than most. */
function ofShortFrom(fields: readonly string[], left: LeftOut): readonly string[] {
  const isFrom = (field: string) => nameOf(field) === 'from'
  const froms = fields.filter(isFrom)
  const length = froms.reduce((sum, field) => sum + field.length, 0)
  const most = froms.some(field => FOREIGN.test(field)) ? MAX_FOREIGN_FROM : MAX_FROM
  if (length <= most) return fields
  left.altered = 'a From that is too long'
  return fields.map(field => (isFrom(field) ? 'From:\r' : field))
}

/** More of it than of any name is not ASCII. */
const isForeign = (field: string): boolean =>
  // oxlint-disable-next-line no-control-regex
  field.length > MAX_FOREIGN && field.replaceAll(/[\0-\x7f]+/g, '').length > MAX_FOREIGN

/** The signature is short, and hashes the body as others do, or as few do. */
function isFew(field: string, hashes: Set<string>): boolean {
  if (field.length > MAX_SIGNATURE) return false
  const [canon, algorithm, length] = ['c', 'a', 'l'].map(name =>
    tagOf(field, name).trim().toLowerCase(),
  )
  const [, body = 'simple'] = canon?.split('/') ?? []
  const hash = [body, algorithm?.split('-').at(-1), length].join(' ')
  if (!hashes.has(hash) && hashes.size >= MAX_HASHES) return false
  hashes.add(hash)
  return true
}

/** As mailauth reads it: a name may be folded. */
function nameOf(field: string): string {
  const colon = field.indexOf(':')
  return colon < 0 ? '' : field.slice(0, colon).trim().toLowerCase()
}

/** Unfolded, the field says the same (RFC 5322 §2.2.3). */
function ofFewLines(fields: readonly string[], left: LeftOut): readonly string[] {
  let lines = fields.length
  for (const field of fields) for (const letter of field) if (letter === '\n') lines++
  if (lines <= MAX_LINES) return fields
  left.altered = 'a header of too many lines'
  return fields.map(field => field.replaceAll(/\r?\n/g, ''))
}
