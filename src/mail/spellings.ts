// How one text is read by different programs, so that an address in it is found however it was written: letters as numbers (HTML, then
// RFC 3986 §2.1: a link is decoded in that order), comments, quotes and folds in an address (RFC 5322 §3.2), tags inside a word, signs
// that no reader sees, full-width letters. A reading that no program makes does no harm here. Each takes time in proportion to the text.

import { normalForm, streamSafe } from '../model/normal-form.ts'

/** One sign may become eighteen (Unicode compatibility forms); no more is read than this. */
const MAX_LENGTH = 512 * 1024
/** An address with all that stands inside it is read so far on both sides of its `@`. */
const REACH = 1024
/** Comments in comments. */
const MAX_NESTED = 3

/** The text near its addresses, and what else it may be read as; each reading once. */
export function spellings(text: string): ReadonlySet<string> {
  const plain = nearAddresses(folded(percentDecoded(entitiesDecoded(text))))
  return new Set([
    plain,
    closed(plain),
    // As links are read (WHATWG URL §4.4).
    plain.replace(/[\t\r\n]+/g, ''),
    closed(plain.replace(/<[!/a-z][^<>]*>/gi, '')),
  ])
}

/** What is near an `@`: of most texts a small part. */
function nearAddresses(text: string): string {
  const pieces: string[] = []
  let from = -1
  let to = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (from < 0) from = Math.max(0, at - REACH)
    else if (at - REACH > to) {
      pieces.push(text.slice(from, to))
      from = at - REACH
    }
    to = at + REACH
  }
  if (from >= 0) pieces.push(text.slice(from, to))
  return pieces.join('\n')
}

const SIGNS: Readonly<Record<string, string>> = {
  commat: '@',
  period: '.',
  percnt: '%',
  lowbar: '_',
  plus: '+',
  tab: '\t',
  newline: '\n',
  shy: '',
}

function entitiesDecoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#0*([1-9]\d{0,6})|#x0*([1-9a-f][0-9a-f]{0,5})|(commat|period|percnt|lowbar|plus|tab|newline|shy));?/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return SIGNS[name.toLowerCase()] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return code < 0x110000 ? String.fromCodePoint(code) : whole
    },
  )
}

const percentDecoded = (text: string): string =>
  text.includes('%')
    ? text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : text

/** Without invisible signs (and the zeros of UTF-16); compatibility forms and the dots of UTS 46 as what they stand for. */
function folded(text: string): string {
  const ascii = text.includes('\0') ? text.replaceAll('\0', '') : text
  if (!/[\u0080-\uffff]/.test(ascii)) return ascii
  const seen = ascii.replace(/\p{Default_Ignorable_Code_Point}+/gu, '')
  // Of a run of marks that is longer than any language's, what is seen is its beginning, too.
  const alike = normalForm(streamSafe(seen), 'NFKC') ?? seen
  return alike.replaceAll('\u3002', '.').slice(0, MAX_LENGTH)
}

/** Without comments and quotes, and without space around `@` and dots. */
function closed(text: string): string {
  let bare = text
  for (let i = 0; i < MAX_NESTED && bare.includes('('); i++) bare = bare.replace(/\([^()]*\)/g, '')
  return bare
    .replace(/["\\]+/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([@.]) ?/g, '$1')
}
