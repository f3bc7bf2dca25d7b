// Unicode's normal forms (UAX #15) of text that any sender may have written. V8 puts the combining marks of a run in order by insertion,
// so a run costs the square of its length: 64,000 marks that come in falling order cost ten seconds. So nothing is normalised whose runs
// are longer than those of the Stream-Safe Text Format (UAX #15 §13), which no language needs. The only file that may call `normalize`
// (test/cost/normal-form.test.ts).

export type Form = 'NFC' | 'NFD' | 'NFKC'

/** The same in all forms. */
const IS_ASCII = /^[\0-\x7f]*$/

/** UAX #15-D3: no more non-starters in a row. */
const MAX_MARKS = 30

/**
 * Undefined when a run of marks in it is longer than 30: no legal name, no word, and no way to tell what equals it.
 */
export function normalForm(text: string, form: Form): string | undefined {
  if (IS_ASCII.test(text)) return text
  return firstTooMany(text, 0) < 0 ? text.normalize(form) : undefined
}

/** Without the marks behind the thirtieth of a run, for text in which something is looked for; then its normal form takes linear time. */
export function streamSafe(text: string): string {
  const kept: string[] = []
  let from = 0
  for (let at = firstTooMany(text, 0); at >= 0; at = firstTooMany(text, from)) {
    kept.push(text.slice(from, at))
    from = at
    while (from < text.length && isMark(text.codePointAt(from) as number))
      from += widthAt(text, from)
  }
  return from === 0 ? text : kept.join('') + text.slice(from)
}

/** Where the thirty-first mark of a run stands, behind `from`; -1 if there is none. */
function firstTooMany(text: string, from: number): number {
  let marks = 0
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < FIRST_MARK) {
      marks = 0
      continue
    }
    const width = widthAt(text, at)
    marks = isMark(width === 1 ? unit : (text.codePointAt(at) as number)) ? marks + 1 : 0
    if (marks > MAX_MARKS) return at
    at += width - 1
  }
  return -1
}

/** U+0300; below it nothing combines. */
const FIRST_MARK = 0x300

/** UTF-16 units of the character at this place. */
const widthAt = (text: string, at: number): number =>
  (text.codePointAt(at) as number) > 0xffff ? 2 : 1

/** All that is, or decomposes into, a non-starter (ccc ≠ 0), and the other marks: half-width sound marks are letters by their category. */
const MARK = /^[\p{M}\uff9e\uff9f]$/u

/** By 256 characters, each made when the first of them is asked about. */
const pages: Uint8Array[] = []

function isMark(code: number): boolean {
  const page = (pages[code >> 8] ??= pageOf(code >> 8))
  return page[code & 0xff] === 1
}

const pageOf = (number: number): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, i) =>
    MARK.test(String.fromCodePoint(number * 256 + i)) ? 1 : 0,
  )
