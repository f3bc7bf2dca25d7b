// Encoded words in the display names of a field of addresses (RFC 2047 §5), as programs read them that decode the field first and look for
// addresses then (notmuch and mu do, and Python's usual `getaddresses([str(make_header(decode_header(value)))])`): for them an `@` or a
// bracket that was encoded has its meaning, and what is quoted ends where a decoded quote stands. A comma alone (`Müller, Anna`) makes no
// address. Why: docs/decisions/0029-every-possible-author-is-asked-about.md.

import { hasForeignWord, readingsOfWords } from './mime/encoded-words.ts'

/** What is in quotes, or in a comment: the strict grammar has found that each ends. */
const ENCLOSED = /"(?:[^"\\]|\\.)*"|\([^()]*\)/gs

/** Makes an address where it is not enclosed, or ends the field for Python. */
const ADDRESS = /[@<>\r\n]/g
/** Begins or ends what is enclosed. */
// oxlint-disable-next-line no-control-regex
const ENDS = /["\\()\0-\x08\n-\x1f\x7f]/g
/** Beside what is enclosed, makes that an address of its own. */
const DIVIDES = /[,;:]/g

/** `value`: a field that the strict grammar takes (mailboxes.ts). False: such a program may read other addresses in it. */
export function decodedNamesAreNames(value: string): boolean {
  if (!value.includes('=?')) return true
  if (hasForeignWord(value)) return false
  const enclosed = (value.match(ENCLOSED) ?? []).join('\n')
  const outside = value.replaceAll(ENCLOSED, '""')
  return (
    addsNone(ENDS, enclosed) &&
    addsNone(ADDRESS, outside) &&
    readingsOfWords(outside).every(isQuotedInPairs) &&
    (!hasAddress(enclosed) || [ENDS, DIVIDES].every(signs => addsNone(signs, outside)))
  )
}

/** A quote that nothing ends goes on into the address. */
function isQuotedInPairs(decoded: string): boolean {
  const quotes = count(/"/g, decoded)
  return quotes % 2 === 0 && (quotes === 0 || !decoded.includes('\\'))
}

const hasAddress = (enclosed: string): boolean =>
  readingsOfWords(enclosed).some(text => text.includes('@'))

/** No reading of its encoded words has more of these signs than stand there, or another encoded word. */
const addsNone = (signs: RegExp, text: string): boolean =>
  readingsOfWords(text).every(
    decoded => !decoded.includes('=?') && count(signs, decoded) === count(signs, text),
  )

const count = (signs: RegExp, text: string): number => text.match(signs)?.length ?? 0
