// What is wrong with a From that is not clear, for whoever wrote it: beside the sentence of the refusal, in one line of a reply.

import type { Authors } from './authors.ts'
import type { Field } from './header.ts'

/** The line of a reply has 512 octets (RFC 5321 §4.5.3.1.5), and most of them are taken. */
const MAX_SHOWN = 150

/** Printable ASCII without `%`, which a milter's reply may not have; at most 150 characters. */
export function unclearFrom(fields: readonly Field[], { addresses, more }: Authors): string {
  const [from, ...others] = fields.filter(({ name }) => name === 'from')
  if (!from) return 'it has no From field'
  if (others.length > 0) return `it has ${others.length + 1} From fields`
  const [one, other] = addresses.filter(address => address.includes('@'))
  const shown = printable(`From: ${from.value}`)
  if (more) return short(`more than can be told may be read in ${shown}`)
  if (one === undefined) return short(`there is no address in ${shown}`)
  if (other === undefined) return short(`not every program reads ${shown}`)
  return short(`may be read as ${printable(one)} or ${printable(other)}: ${shown}`)
}

const printable = (bytes: string): string => bytes.slice(0, MAX_SHOWN).replaceAll(/[^ -$&-~]/g, '?')

const short = (text: string): string =>
  text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 3)}...` : text
