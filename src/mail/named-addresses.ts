// Which of some wanted addresses a text names, as plain text, in a link, or spelled otherwise (spellings.ts). Steps grow with the length
// of the text alone, whatever is in it and however many are wanted. What was written so that only a person can read it (`ann at isp`,
// a picture) is not found: that an address is not found here proves nothing.

import { foldAddress, isAscii } from '../model/mail-address.ts'
import { ReadingBudget } from './reading-budget.ts'
import { spellings } from './spellings.ts'

/** RFC 5321 §4.5.3.1. */
const MAX_LOCAL = 64
const MAX_DOMAIN = 255

/** RFC 5322 §3.2.3 (atext and the dot); all beyond ASCII, as RFC 6532 adds it. */
const IN_LOCAL = among("!#$%&'*+/=?^_`{|}~.-")
/** What stays when something stands before an address without a space: `?to=ann@isp.example`, `'ann@isp.example'`. */
const IN_PLAIN_LOCAL = among('._+-')
const IN_DOMAIN = among('.-')
const [DOT, DASH] = [46, 45]

/** For what is not ASCII, which takes long to compare: so many looks in all. What is ASCII is compared however much there is of it. */
const LOOKS = 256 * 1024
/** What one takes beside its length. */
const EACH = 32

/** The wanted among the addresses in `text`, in lower case, each once. */
export function namedAddresses(
  text: string,
  isWanted: (address: string) => boolean,
): readonly string[] {
  const found = new Set<string>()
  const budget = new ReadingBudget(LOOKS)
  const seen = new Set<string>()
  const look = (written: string) => {
    if (!isAscii(written)) {
      // In most spellings it stands there alike.
      if (seen.has(written) || !budget.take(EACH + written.length)) return
      seen.add(written)
    }
    const address = foldAddress(written)
    if (isWanted(address)) found.add(address)
  }
  for (const spelling of spellings(text)) collect(spelling, look)
  return [...found]
}

function collect(plain: string, lookAt: (written: string) => void): void {
  const look = (from: number, end: number) => lookAt(plain.slice(from, end))
  for (let at = plain.indexOf('@'); at >= 0; at = plain.indexOf('@', at + 1)) {
    const end = domainEnd(plain, at)
    const longest = localStart(plain, at, IN_LOCAL)
    if (end === at + 1 || longest === at) continue
    look(longest, end)
    const shortest = localStart(plain, at, IN_PLAIN_LOCAL)
    if (shortest > longest) look(shortest, end)
  }
}

/** Letters, digits, everything beyond ASCII, and these. */
function among(others: string): Uint8Array {
  const table = new Uint8Array(128)
  for (let code = 0; code < 128; code++) {
    const sign = String.fromCharCode(code)
    if (/[A-Za-z0-9]/.test(sign) || others.includes(sign)) table[code] = 1
  }
  return table
}

/** Beyond the text there is nothing: NaN is in no table. */
function isIn(table: Uint8Array, text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 128 || table[code] === 1
}

function domainEnd(text: string, at: number): number {
  let end = at + 1
  while (end <= at + MAX_DOMAIN && isIn(IN_DOMAIN, text, end)) end++
  // The full stop of a sentence is none of it.
  const isStop = (code: number) => code === DOT || code === DASH
  while (end > at + 1 && isStop(text.charCodeAt(end - 1))) end--
  return end
}

function localStart(text: string, at: number, table: Uint8Array): number {
  let from = at
  while (from > 0 && at - from < MAX_LOCAL && isIn(table, text, from - 1)) from--
  return from
}
