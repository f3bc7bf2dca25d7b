// The same for two bodies that differ only in names, numbers, white space and tracking tails of links:
// what a spam program varies from one copy to the next. Not a secret, not a security check.

import { isAscii } from 'node:buffer'
import { hash } from 'node:crypto'

/** UTF-16 units of the text that are looked at. */
const CONSIDERED = 64 * 1024

/** Fewer words say nothing. */
const LEAST_WORDS = 4
/** Letters of a word that counts. */
const LEAST_LETTERS = 3

/** 16 hex digits; the empty string for a body with no words to compare. */
export function fingerprint(text: string): string {
  const plain = text
    .slice(0, CONSIDERED)
    .replace(/(https?:\/\/[^\s/?#]+)[^\s]*/gi, '$1')
    .replace(/\b(?:dear|hi|hello|hallo|liebe[r]?)\s+[^\s,!]+/gi, '')
  const bytes = Buffer.from(plain, 'utf8')
  const words = isAscii(bytes) ? asciiWords(bytes) : allWords(plain)
  return words.length === 0 ? '' : hash('sha256', words, 'hex').slice(0, 16)
}

function allWords(plain: string): string {
  const words = plain.toLowerCase().match(/[\p{L}]{3,}/gu)
  return words && words.length >= LEAST_WORDS ? words.join(' ') : ''
}

/** The same, written over the text: most mail is ASCII, and a string for each word costs more than all else. */
function asciiWords(bytes: Buffer): Uint8Array {
  let used = 0
  let begun = 0
  let words = 0
  for (let at = 0; at < bytes.length; at++) {
    const code = (bytes[at] as number) | SMALL
    if (code >= A && code <= Z) {
      bytes[used++] = code
      continue
    }
    if (used - begun >= LEAST_LETTERS) {
      bytes[used++] = SPACE
      words++
    } else used = begun
    begun = used
  }
  if (used - begun >= LEAST_LETTERS) words++
  else used = begun - 1
  return bytes.subarray(0, words < LEAST_WORDS ? 0 : used)
}

const [A, Z, SPACE] = [0x61, 0x7a, 0x20]
/** What a capital letter differs by. */
const SMALL = 0x20
