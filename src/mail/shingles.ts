// The phrases of a text, as hashes of four words in a row: two letters that a form, a shop or a club makes of one template have phrases in
// common, whatever names and words stand between. Two letters of a person have hardly any. Not a secret, not a security check.

import { fnv1a } from '../model/fnv-1a.ts'

/** UTF-16 units at the beginning and at the end: what is written into a template stands between its words. */
const CONSIDERED = 4096
/** Phrases at each end. */
const MOST = 64
const WORDS = 4

/** At most 128 different ones; none of a text of fewer than four words. Words have three letters or more. */
export function shinglesOf(text: string): readonly string[] {
  const isLong = text.length > 2 * CONSIDERED
  const head = phrases(isLong ? text.slice(0, CONSIDERED) : text)
  const tail = isLong ? phrases(text.slice(-CONSIDERED)) : head
  return [...new Set([...head.slice(0, MOST), ...tail.slice(-MOST)])]
}

/** Every second one, the same ones of every text. */
export const sampleOf = (shingles: readonly string[]): readonly string[] =>
  shingles.filter(one => Number.parseInt(one, 36) % 2 === 0)

function phrases(text: string): readonly string[] {
  const words = text.toLowerCase().match(/\p{L}{3,}/gu) ?? []
  return words
    .slice(WORDS - 1)
    .map((_, i) => fnv1a(words.slice(i, i + WORDS).join(' ')).toString(36))
}
