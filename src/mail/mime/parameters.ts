// All that some reader may take for a parameter of a structured field (RFC 2045 §5.1, RFC 2231). Nearly all fields are written so that
// there is one reading, and cost one look. Of the others every place where the name of the parameter stands is looked at, and every
// place where its value may end. A reading that no mail program makes does no harm here.

import { isAscii } from '../../model/mail-address.ts'
import type { ReadingBudget } from '../reading-budget.ts'
import { withoutComments } from './comments.ts'
import { decodeWords, hasForeignWord, joinedWords, readingsOfWords } from './encoded-words.ts'
import { isForeignPiece, percentDecoded, type Piece, pieceReadings } from './pieces.ts'
import type { StructuredField } from './structured-field.ts'
import { ValueEnds } from './value-ends.ts'

/** Places in one field where the parameter may stand. */
const MAX_PLACES = 100

/** `name` finds `filename`, too. */
export type ParameterName = 'name' | 'boundary' | 'charset'

export type Parameters = {
  readonly values: ReadonlySet<string>
  /** There was more than is looked at. */
  readonly tooMany: boolean
  /** Something is in a character set that Cordon does not know. */
  readonly foreign: boolean
  /** Some reader finds none: what stands there is no parameter by the book. */
  readonly doubtful: boolean
}

/** And each byte of all that may be a value in it. */
const VALUE_STEPS = 16
/** The same of a piece, which is joined with the others in every order. */
const PIECE_STEPS = 32
/** And each byte of what is looked at for them. */
const LOOK_STEPS = 4

/** How often each byte of a field is looked at, at most (reading-budget.ts; measured by test/cost). */
export const PARAMETER_STEPS = 40

const NOTHING: Parameters = { values: new Set(), tooMany: false, foreign: false, doubtful: false }
/** Nowhere else is a parameter found. */
const MENTIONS: Readonly<Record<ParameterName, RegExp>> = {
  name: /name|=\?/i,
  boundary: /boundary|=\?/i,
  charset: /charset|=\?/i,
}

/** A comment may stand in the middle of it. */
const isMentioned = (name: ParameterName, value: string): boolean =>
  MENTIONS[name].test(value) || (value.includes('(') && MENTIONS[name].test(withoutComments(value)))

/** What stands for `name` in any of `fields`. */
export function parameters(
  fields: readonly StructuredField[],
  name: ParameterName,
  budget: ReadingBudget,
): Parameters {
  let found: ParameterValues | undefined
  for (const field of fields) {
    if (!field.isFoldedOddly && !isMentioned(name, field.value)) continue
    found ??= { values: new Set(), tooMany: false, foreign: false, doubtful: false }
    const { simple } = field
    if (simple === 'difficult') readAll(field, { name, budget, found })
    else
      for (const [key, value] of simple)
        if (key === name || (name === 'name' && key === 'filename'))
          addValue(value, name, found.values)
  }
  return found ?? NOTHING
}

/**
 * Number and star of RFC 2231 may stand behind the name, and space and control characters there and behind the `=`, however many: some
 * readers take all of them for space. What stands before it is not asked.
 */
const PLACES: Readonly<Record<ParameterName, RegExp>> = {
  name: /name([\s\p{Cc}*\d]*)=[\s\p{Cc}]*/giu,
  boundary: /boundary([\s\p{Cc}*\d]*)=[\s\p{Cc}]*/giu,
  charset: /charset([\s\p{Cc}*\d]*)=[\s\p{Cc}]*/giu,
}

type ParameterSearch = {
  readonly name: ParameterName
  readonly budget: ReadingBudget
  readonly found: ParameterValues
}
type ParameterValues = {
  values: Set<string>
  tooMany: boolean
  foreign: boolean
  doubtful: boolean
}

function readAll(field: StructuredField, { name, budget, found }: ParameterSearch): void {
  const { values } = found
  if (field.value.includes('=?') && hasForeignWord(field.value)) found.foreign = true
  // In a comment, or coded, some find nothing of it.
  if (field.value.search(PLACES[name]) < 0) found.doubtful = true
  for (const text of versions(field)) {
    const pieces: Piece[] = []
    const ends = new ValueEnds(text)
    let places = 0
    for (const { 0: place, 1: star = '', index } of text.matchAll(PLACES[name])) {
      if (++places > MAX_PLACES) {
        found.tooMany = true
        break
      }
      const before = text.slice(Math.max(0, index - 20), index)
      const apart = /;[\s\p{Cc}]*(?:file)?$/iu.test(before)
      if (!apart) found.doubtful = true
      const coded = star.trim().endsWith('*')
      const looked = ends.looked
      const texts = ends.valuesAt(index + place.length, { coded })
      const form = formOf(star)
      const size = texts.reduce((sum, value) => sum + value.length, 0)
      const steps = form === 'plain' ? VALUE_STEPS : PIECE_STEPS
      if (!budget.take(size * steps + (ends.looked - looked) * LOOK_STEPS)) {
        found.tooMany = true
        break
      }
      const of = /file$/i.test(before) ? 'filename' : 'name'
      const number = Number(/\d{1,9}/.exec(star)?.[0] ?? 0)
      if (form === 'plain') for (const value of texts) addValue(value, name, values)
      pieces.push({ of, form, apart, number, texts, coded })
    }
    if (ends.isCut) found.tooMany = true
    if (pieces.some(isForeignPiece)) found.foreign = true
    for (const value of pieceReadings(pieces)) addDecoded(value, values)
  }
}

/** `star`: what stands between the name and the `=`. */
function formOf(star: string): Piece['form'] {
  if (!star.includes('*')) return 'plain'
  return /\d/.test(star) ? 'numbered' : 'whole'
}

/** The field as it is; without its comments; its encoded words decoded; its lines joined without a space. */
function versions(field: StructuredField): ReadonlySet<string> {
  const { value, folds } = field
  const written = [value, withoutComments(value)]
  const coded = value.includes('=?') ? written.flatMap(one => [one, joinedWords(one)]) : []
  const words = [...new Set(coded)].map(one => bytesOf(decodeWords(one)))
  const found = new Set([...written, ...words])
  if (field.isFoldedOddly) {
    const unfolded = withoutFolds(value, folds)
    found.add(unfolded).add(withoutComments(unfolded))
  }
  return found
}

function withoutFolds(value: string, folds: readonly number[]): string {
  const joined: string[] = []
  let from = 0
  for (const at of folds) {
    joined.push(value.slice(from, at))
    from = at + 1
  }
  return joined.join('') + value.slice(from)
}

const utf8 = (bytes: string): string =>
  isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** Boundaries are compared as bytes. */
function addValue(value: string, name: ParameterName, values: Set<string>): void {
  const read = name === 'boundary' ? (bytes: string) => bytes : utf8
  addDecoded(read(value), values)
  if (value.includes('%')) addDecoded(read(percentDecoded(value)), values)
}

/** As it stands there, and with its encoded words decoded. */
function addDecoded(value: string, values: Set<string>): void {
  values.add(value)
  if (value.includes('=?')) for (const one of readingsOfWords(value)) values.add(one)
}
