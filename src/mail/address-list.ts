// The addresses in a From, To or Sender field (RFC 5322 §3.4). Used to *authorise*, so anything ambiguous is kept
// as written and will match nobody's address.

import addressparser from 'nodemailer/lib/addressparser'
import { foldAddress, parseMailAddress } from '../model/mail-address.ts'

/** All addresses, folded to lower case; something that is no address comes out as it stands. */
export function addressesIn(value: string): readonly string[] {
  return addressparser(value, { flatten: true }).map(({ address }) => {
    const parsed = parseMailAddress(address)
    return parsed ? foldAddress(`${parsed.local}@${parsed.domain}`) : address
  })
}
