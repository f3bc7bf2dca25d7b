// Correspondents as keyed hashes: we can tell that somebody was written to before, not who that was.

import { createHmac } from 'node:crypto'
import { domainOf, foldAddress } from '../model/mail-address.ts'

/** `hash@domain`: the local part is hidden, the domain stays for the abuse desk. */
export function correspondentKey(address: string, secret: string): string {
  const hash = createHmac('sha256', secret)
    .update(foldAddress(address))
    .digest('base64url')
    .slice(0, 12)
  return `${hash}@${domainOf(address)}`
}
