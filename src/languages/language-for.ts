// Which language a page is in: the one that its reader chose on it, else the customer's, else the browser's, else the server's. A customer
// who has never chosen one has English: then the browser knows better.

import { type Language, languageOf } from '../model/subscriber.ts'

export type LanguageAsked = {
  /** By a link on the page. */
  readonly chosen?: string | undefined
  /** Of the customer, where it is known who asks. */
  readonly customer?: string | undefined
  /** RFC 9110 §12.5.4. */
  readonly accept?: string | undefined
  readonly server: string
}

/** What a customer has who has chosen nothing. */
const UNCHOSEN = 'en'

export function languageFor({ chosen, customer, accept, server }: LanguageAsked): Language {
  const theirs = customer === undefined ? undefined : languageOf(customer)
  return (
    languageOf(chosen ?? '') ??
    (theirs === UNCHOSEN ? undefined : theirs) ??
    accepted(accept ?? '') ??
    theirs ??
    languageOf(server) ??
    UNCHOSEN
  )
}

/** Of an Accept-Language, however long: no browser names more. */
const MOST = 20

function accepted(header: string): Language | undefined {
  const named = header
    .slice(0, 500)
    .split(',', MOST)
    .map(one => {
      const [tag = '', ...parameters] = one.split(';').map(part => part.trim())
      const weight = parameters.find(part => part.startsWith('q='))?.slice(2)
      return { language: languageOf(tag), q: weight === undefined ? 1 : Number(weight) }
    })
  const [best] = named
    .filter(({ language, q }) => language !== undefined && q > 0)
    .toSorted((a, b) => b.q - a.q)
  return best?.language
}
