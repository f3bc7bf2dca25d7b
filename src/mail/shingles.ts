// The phrases of a text, as hashes of four words in a row: two letters that a form, a shop or a club makes of one template have phrases in
// common, whatever names and words stand between. Two letters of a person have hardly any. Where no space stands between words, four letters
// in a row are a phrase. Not a secret, not a security check.

import { fnv1a } from '../model/fnv-1a.ts'
import { normalForm } from '../model/normal-form.ts'

/** UTF-16 units of a text that is compared as a whole; the counters tell as many apart. */
const WHOLE = 64 * 1024
/** Phrases of the whole text. */
const MOST_OF_WHOLE = 1000
/** UTF-16 units at the beginning and at the end that are noted of every message. */
const CONSIDERED = 4096
/** Phrases at each end; twice as many of letters, which say as much. */
const MOST = 64
/** Words, or letters where no space stands between words, that make one phrase. */
const IN_A_ROW = 4

/** Marks are no ends of words (Hindi). */
const RUN = /[\p{L}\p{M}]+/gu
/** Scripts that write words without a space between, or spaces between syllables (Tibetan). */
const SPACELESS =
  /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Yiii}]/u
const LETTER = /\p{L}\p{M}*/gu
/** A letter is a syllable. */
const KOREAN = /\p{sc=Hang}/u

/**
 * All of the text, at most 1,000 different ones. Undefined where the text has more, or is longer than 64 Ki units: a person who fills in a
 * form may write any amount in front of the form's words and behind them, so a part of the text proves nothing.
 */
export function allShinglesOf(text: string): readonly string[] | undefined {
  if (text.length > WHOLE) return undefined
  const units = unitsOfText(plain(text))
  const all = new Set<string>()
  for (let i = 0; i + IN_A_ROW <= units.length; i++) {
    all.add(phraseAt(units, i))
    if (all.size > MOST_OF_WHOLE) return undefined
  }
  return [...all]
}

/** Those of both ends, to be noted: at most 256 different ones; none of a text of fewer than four words, or letters. */
export function shinglesOf(text: string): readonly string[] {
  const isLong = text.length > 2 * CONSIDERED
  const first = plain(isLong ? text.slice(0, CONSIDERED) : text)
  const last = isLong ? plain(text.slice(-CONSIDERED)) : first
  const head = phrases(first)
  const tail = isLong ? phrases(last) : head
  const most = (half: string) => (SPACELESS.test(half) ? 2 * MOST : MOST)
  return [...new Set([...head.slice(0, most(first)), ...tail.slice(-most(last))])]
}

/** Every second phrase, the same phrases of every text. */
export const sampleOf = (shingles: readonly string[]): readonly string[] =>
  shingles.filter(one => Number.parseInt(one, 36) % 2 === 0)

/** A letter may be written in one piece or in several. */
const plain = (text: string): string => (normalForm(text, 'NFC') ?? text).toLowerCase()

function phrases(text: string): readonly string[] {
  const units = unitsOfText(text)
  return units.slice(IN_A_ROW - 1).map((_, i) => phraseAt(units, i))
}

const phraseAt = (units: readonly string[], i: number): string =>
  fnv1a(units.slice(i, i + IN_A_ROW).join(' ')).toString(36)

const unitsOfText = (text: string): readonly string[] => (text.match(RUN) ?? []).flatMap(unitsOf)

/** A word of three letters or more, or each letter. */
function unitsOf(run: string): readonly string[] {
  if (SPACELESS.test(run)) return run.match(LETTER) ?? []
  return run.length >= 3 || (run.length === 2 && KOREAN.test(run)) ? [run] : []
}
