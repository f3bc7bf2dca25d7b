// The first of an answer of the DNS. The owner of a zone writes as much into one as it likes: 64 KB, in which a name that is written once stands for
// thousands. An honest answer is never cut.

/** Records of one answer: exchangers by their preference, others as they come. An honest name has a few. */
export const MOST_RECORDS = 50
/** Texts (TXT) of one name: large companies have a hundred for other programs. */
const MOST_TEXTS = 300

export type FirstOfIt = {
  readonly kept: readonly unknown[]
  /** How many were read to get it, strings of a text included. It is what an answer costs. */
  readonly read: number
}

/** `found`: as node:dns gives it. Strings of a text become one, which is what every reader makes of them. */
export function firstOf(type: string, found: readonly unknown[]): FirstOfIt {
  if (type === 'TXT') {
    const texts = found as readonly (readonly string[])[]
    const read = texts.reduce((sum, strings) => sum + strings.length, 0)
    return { kept: texts.slice(0, MOST_TEXTS).map(strings => [strings.join('')]), read }
  }
  const read = found.length
  if (read <= MOST_RECORDS && type !== 'MX') return { kept: found, read }
  const sorted = type === 'MX' ? (found as readonly Exchanger[]).toSorted(byPreference) : found
  return { kept: sorted.slice(0, MOST_RECORDS), read }
}

type Exchanger = { readonly priority: number }
const byPreference = (a: Exchanger, b: Exchanger) => a.priority - b.priority
