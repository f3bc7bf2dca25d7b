// Correspondents as keyed hashes: we can tell that somebody was written to before, not who that was.

import { createHmac, hash } from 'node:crypto'
import { domainOf, foldAddress, personOf } from '../model/mail-address.ts'

/** `hash@domain`: the local part is hidden, the domain stays for the abuse desk. */
export function correspondentKey(address: string, secret: string): string {
  const key = createHmac('sha256', secret)
    .update(personOf(address))
    .digest('base64url')
    .slice(0, 12)
  return `${key}@${domainOf(address)}`
}

/** The same for what is only written down, a few times for every recipient of all mail: another hash, and a cheaper one. */
export function hiddenAddress(address: string, secret: string): string {
  const digest = hash('sha256', `${secret} address ${foldAddress(address)}`, 'base64url')
  return `${digest.slice(0, 12)}@${domainOf(address)}`
}
