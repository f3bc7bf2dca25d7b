// The languages that customers are told things in, and which of them one is told in. A language is a folder with an entry here.

import type { Unit } from '../model/evidence.ts'
import { type Language, languageOf } from '../model/subscriber.ts'
import { ENGLISH } from './english/english.ts'
import { FRENCH } from './french/french.ts'
import { GERMAN } from './german/german.ts'
import type { Sentences } from './sentences.ts'

export const SENTENCES: Readonly<Record<Language, Sentences>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
}

/** Of a BCP 47 tag; English where there is none of that. */
export const sentencesOf = (tag: string): Sentences => SENTENCES[languageOf(tag) ?? 'en']

/** One unit of evidence for its owner. What exactly was seen is written down in English: in other languages its kind is told. */
export function evidenceWords(tag: string, { kinds, why }: Pick<Unit, 'kinds' | 'why'>): string {
  const language = languageOf(tag) ?? 'en'
  return language === 'en' ? why : SENTENCES[language].seen.evidence[kinds[0] ?? 'other']
}

/** What the operator wrote, or the word of the language where they left the default. */
export function named(
  { names }: Sentences,
  { provider, portal }: { readonly provider: string; readonly portal: string },
) {
  return {
    provider: provider === ENGLISH.names.provider ? names.provider : provider,
    portal: portal === ENGLISH.names.portal ? names.portal : portal,
  }
}
