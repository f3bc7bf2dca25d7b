// The same for two bodies that differ only in names, numbers, white space and tracking tails of links:
// what a spam program varies from one copy to the next. Not a secret, not a security check.

import { hash } from 'node:crypto'

/** UTF-16 units of the text that are looked at. */
const CONSIDERED = 64 * 1024

/** 16 hex digits; the empty string for a body with no words to compare. */
export function fingerprint(text: string): string {
  const words = text
    .slice(0, CONSIDERED)
    .replace(/(https?:\/\/[^\s/?#]+)[^\s]*/gi, '$1')
    .replace(/\b(?:dear|hi|hello|hallo|liebe[r]?)\s+[^\s,!]+/gi, '')
    .toLowerCase()
    .match(/[\p{L}]{3,}/gu)
  if (!words || words.length < 4) return ''
  return hash('sha256', words.join(' '), 'hex').slice(0, 16)
}
