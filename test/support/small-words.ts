// The dictionary of forbidden halves: the most frequent small words of each language, as far as they are no words of another one here. A
// text that has one of another language was left half untranslated.

import type { Language } from '../../src/model/subscriber.ts'

export const SMALL_WORDS: Readonly<Record<Language, readonly string[]>> = {
  en: 'the and of to you your is are this that these those with from for have has been it by not be or at as if than them they we our who which what when where until once more mail-server please open closed sent people somebody nobody everything answer connection'
    .split(' ')
    .filter(word => !'or as if on mail'.split(' ').includes(word)),
  de: 'der die das und ist sind Sie Ihr Ihre Ihren Ihrem nicht mit von für auf wird werden haben wir uns unser unsere ein eine einen einem zu zum zur oder wenn bis noch auch kein keine jemand niemand alles Nachrichten Anschluss bitte'
    .split(' ')
    .filter(word => word !== 'die'),
  fr: 'le la les du et est sont vous votre vos ne pas avec pour dans que qui ce cette nous notre un une au aux ou depuis plus leur sur ligne courrier merci rien tout tous'
    .split(' ')
    .filter(word => word !== 'plus'),
}

/** Words of other languages in a text. Names that stand in every language are left out by who asks. */
export function foreignWords(language: Language, text: string): readonly string[] {
  const words = new Set(text.toLowerCase().match(/[\p{L}-]+/gu))
  return Object.entries(SMALL_WORDS)
    .filter(([other]) => other !== language)
    .flatMap(([, small]) => small.filter(word => words.has(word.toLowerCase())))
}
