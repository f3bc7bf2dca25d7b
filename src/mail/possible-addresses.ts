// All that a mail program could take for an address in a From field that is not well formed. Readers of such a field do not agree: one
// ends a domain at a space, the next puts its pieces together; one decodes words before it looks for addresses, the next never; stray
// quotes, brackets and backslashes are left out or end it. So each `@` is an address, wherever it stands, with each domain that may be
// read behind it. Rather one too many: it is asked about, that is all. Why: docs/decisions/0029-every-possible-author-is-asked-about.md. test/fuzz/second-authors.test.ts compares.

import { isAscii } from '../model/mail-address.ts'
import { normalForm } from '../model/normal-form.ts'
import { decodeWords } from './mime/encoded-words.ts'
import type { ReadingBudget } from './reading-budget.ts'

export type Possible = {
  /** `local@domain` in lower case; the local part, as it stands in front, may be empty. A domain is legal, or has more than ASCII in it. */
  readonly addresses: readonly string[]
  /** There may be more: too many of them, or written so that each reader decodes something else. */
  readonly more: boolean
}

/** `@` in one reading of a field. */
const MAX_ATS = 20

/** An honest field that is longer is well formed, or names too many anyway. */
export const MAX_TEXT = 2000

/**
 * `text`: the value of the field, with a line feed where a line ended. `budget`: for all fields of the message that are read so; what is
 * not read when it is spent may have more.
 */
export function possibleAddresses(text: string, budget: ReadingBudget): Possible {
  if (text.length > MAX_TEXT) return { addresses: [], more: true }
  const found = new Set<string>()
  let more = isStrange(text)
  const views = viewsOf(text, budget)
  if (!views) return { addresses: [], more: true }
  for (const view of views) {
    const [first = '', ...pieces] = view.split('@')
    if (pieces.length > MAX_ATS) more = true
    let before = first
    for (const behind of pieces.slice(0, MAX_ATS)) {
      const parts = behind.split(LEFT_OUT)
      if (parts.length > MAX_PARTS) more = true
      const some = parts.slice(0, MAX_PARTS)
      if (!budget.take(behind.length * (some.length + 1) * LOOKS))
        return { addresses: [], more: true }
      const local = localPart(before).toLowerCase()
      const { names: all, unsafe } = domains(behind, some)
      if (unsafe) more = true
      for (const domain of all) found.add(`${local}@${domain}`)
      before = behind
    }
  }
  return { addresses: [...found], more }
}

/** Budget steps for each character of a view: reading it, and what it becomes without comments. */
const VIEW_STEPS = 10
/** And for each character behind an `@`, once for every part. */
const LOOKS = 12

/** Some mail programs remove comments first and then decode encoded words, some the other way round. Undefined when that is too much work. */
function viewsOf(text: string, budget: ReadingBudget): ReadonlySet<string> | undefined {
  const mayRead = (texts: ReadonlySet<string>) =>
    budget.take([...texts].reduce((sum, { length }) => sum + length, 0) * VIEW_STEPS)
  const all = new Set([text, text.replaceAll('<>', '')])
  if (!mayRead(all)) return undefined
  const before = new Set([...all].flatMap(withLessIn))
  if (!text.includes('=?')) return before
  if (!mayRead(before)) return undefined
  const decoded = new Set([...before].flatMap(withWords))
  if (decoded.size === before.size) return before
  return mayRead(decoded) ? new Set([...decoded].flatMap(withLessIn)) : undefined
}

/** As it stands, and with its encoded words decoded: put together, decoded twice, and each for itself. */
function withWords(text: string): readonly string[] {
  if (!text.includes('=?')) return [text]
  const whole = text.replaceAll(WHOLE_WORD, word => word.replaceAll(/[^\0-\x7f]+/g, inQ))
  const decoded = decodeWords(whole)
  const apart = decodeWords(whole.replaceAll(WHOLE_WORD, '"$&"'))
  const found = [text, decoded, decodeWords(decoded), apart]
  // For some such letters are what they are, whatever character set the word says.
  return whole === text ? found : [...found, decodeWords(whole.replaceAll(CHARSET, '=?utf-8?q?'))]
}

/** Letters that may not stand in an encoded word as they should. */
const inQ = (letters: string): string =>
  Buffer.from(letters).toString('hex').replaceAll(/../g, '=$&')

const WHOLE_WORD = /=\?[^?]{1,60}\?[bq]\?[^?]*\?=/gi

const CHARSET = /=\?[^?]{1,60}\?q\?/gi

const WORD = /=\?([^?*]{1,60})[^?]{0,60}\?([bq])\?([^?]*)/gi
/** Base64 as it should be: programs disagree about other characters. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const QUOTED = /^(?:[^=]|=[0-9a-f]{2})*$/i
/** A letter of several bytes that has lost some, or has something in the middle. */
const TORN = /@[^@<>,;]*\ufffd/
/** Character sets in which ASCII is ASCII. */
const ASCII_BELOW =
  /^(?:(?:us-)?ascii|utf-?8|iso[-_]?8859-\d{1,2}|latin-?\d{1,2}|(?:windows|cp)-?\d{3,4}|koi8-[rut]|gb2312|gbk|gb18030|big5(?:-hkscs)?|euc-(?:jp|kr|cn|tw)|shift[-_]jis|iso-2022-(?:jp|kr|cn)|ks_c_5601-1987|macintosh|tis-620)$/i
/** IBM's own, which are called like others and are not. */
const EBCDIC = /^cp-?(?:037|1026|1140|273|424|500|875)$/i

/** RFC 2047 words that may say anything, or bytes. */
function isStrange(text: string): boolean {
  for (const [, charset = '', how = '', encoded = ''] of text.matchAll(WORD)) {
    if (!ASCII_BELOW.test(charset) || EBCDIC.test(charset)) return true
    const coding = how.toLowerCase() === 'b' ? BASE64 : QUOTED
    if (!coding.test(encoded)) return true
  }
  // What is left of them begins or ends elsewhere for each reader.
  return TORN.test(text) || /=\?|\?=/.test(text.replaceAll(WHOLE_WORD, ''))
}

/** What stands in front of the `@`, as far as it is in one piece. */
const localPart = (before: string): string =>
  before
    .slice(-MAX_LOCAL)
    .split(/[\s"'(),:;<>[\]\\]+/)
    .findLast(piece => piece !== '') ?? ''

/** RFC 5321 §4.5.3.1.1. */
const MAX_LOCAL = 64

/** What some leave out of a domain, and where others end it. */
const LEFT_OUT = /["'[\]\\]+/
/** Parts of one domain; no honest domain has more. */
const MAX_PARTS = 8

/** Each domain that a mail program may read at the beginning of `behind`, which is these parts. */
function domains(behind: string, parts: readonly string[]): Names {
  // a, ab, abc
  const prefixes = parts.map((_, i) => parts.slice(0, i + 1))
  const close = prefixes.flatMap(some => [some.join(''), some.map(one => one.trim()).join('')])
  const lines = [behind, ...close].map(text => text.trimStart().split('\n', 1)[0] ?? '')
  const texts = new Set([behind, ...close, ...lines])
  const dotted = [...texts].flatMap(text => [
    text.replaceAll(/\s+/g, ' ').replaceAll(/ ?\. ?/g, '.'),
    // For some only what folds a line is space.
    text.replaceAll(/[ \t\n]+/g, ' ').replaceAll(/ ?\. ?/g, '.'),
  ])
  const tight = [...texts].map(text => text.replaceAll(/\s+/g, ''))
  const all = new Set([...texts, ...dotted, ...tight].map(firstName))
  const read = [...all].map(names)
  return {
    names: [...new Set(read.flatMap(one => one.names))],
    unsafe: read.some(({ unsafe }) => unsafe),
  }
}

/** `unsafe`: one of them has so many marks in a row that what equals it cannot be told. */
type Names = { readonly names: readonly string[]; readonly unsafe: boolean }

/** Longer than any name that is legal, however it is written. */
const MAX_NAME = 2000

/** Up to what cannot stand in a domain. */
function firstName(text: string): string {
  const start = /^[\s"'()<[\]\\]*/.exec(text)?.[0].length ?? 0
  const plain = text.slice(start, start + MAX_NAME).replaceAll(/\s/g, ' ')
  return /^[\w.\u{a1}-\u{10ffff}-]*/u.exec(plain)?.[0] ?? ''
}

/** What may be asked of the DNS. */
const NAME = /^(?:[\w-]{1,63}\.)*[\w-]{1,63}$/

/** The name, and the name without letters that are invisible, that look like others, or that stand at the ends of no name. */
function names(text: string): Names {
  const name = between(text.toLowerCase(), /\./, /\./)
  const alike = normalForm(name, 'NFKC')
  if (alike === undefined) return { names: [], unsafe: true }
  const all = isAscii(name) ? [name] : [name, alike, alike.replaceAll(/[\p{C}\p{Z}\ufffd]+/gu, '')]
  const ended = all.map(one => between(one, /[.-]/, /\W/))
  const asked = [...all, ...ended].filter(
    one => !/^[\d.]*$/.test(one) && (!isAscii(one) || NAME.test(one)),
  )
  return { names: asked, unsafe: false }
}

/** Without the characters at its ends that are like these. */
function between(text: string, first: RegExp, last: RegExp): string {
  let from = 0
  let to = text.length
  while (from < to && first.test(text[from] as string)) from++
  while (to > from && last.test(text[to - 1] as string)) to--
  return text.slice(from, to)
}

/** Without comments that nest, that do not, that end with their line, that begin with the last bracket; and without what is in angle brackets: in its place stands a quote. */
function withLessIn(text: string): readonly string[] {
  const nested = withoutComments(text)
  const flat = text.replaceAll(/\([^)]*\)?/g, '"')
  const ofOneLine = text.replaceAll(/\([^)\n]*[)\n]?/g, '"')
  const innermost = text.replaceAll(/\([^()]*\)/g, '"')
  return [...new Set([text, nested, flat, ofOneLine, innermost])].flatMap(one => [
    one,
    withoutAngles(one),
  ])
}

const withoutAngles = (text: string): string => text.replaceAll(/<[^>]*>?/g, '"')

/** RFC 5322 §3.2.2: they nest, and what is not closed goes on to the end. */
function withoutComments(text: string): string {
  if (!text.includes('(')) return text
  let depth = 0
  let left = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string
    if (letter === '\\' && depth > 0) at++
    else if (letter === '(') {
      if (depth++ === 0) left += '"'
    } else if (letter === ')' && depth > 0) depth--
    else if (depth === 0) left += letter
  }
  return left
}
