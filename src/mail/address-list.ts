// The addresses in a From, To or Sender field (RFC 5322 §3.4). Used to *authorise*, so anything ambiguous is kept
// as written and will match nobody's address.

import addressparser from 'nodemailer/lib/addressparser'
import { foldAddress, parseMailAddress } from '../model/mail-address.ts'

/** A field longer than this is nobody's honest list of authors, and parsing it would cost too much. */
const MAX_LENGTH = 10_000

/** All addresses, folded to lower case; something that is no address comes out as it stands. */
export function addressesIn(value: string): readonly string[] {
  if (value.length > MAX_LENGTH) return ['(too long to be read)']
  return addressparser(value, { flatten: true }).map(({ address }) => {
    const parsed = parseMailAddress(address)
    return parsed ? foldAddress(`${parsed.local}@${parsed.domain}`) : address
  })
}
