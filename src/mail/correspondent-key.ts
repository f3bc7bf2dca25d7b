// Correspondents as keyed hashes: Cordon can tell that a correspondent was written to before, not which address that was.

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

/** The key of an incoming message and of an address to which its answer may go; neither can be read from the key. */
export function replyKey(messageId: string, address: string, secret: string): string {
  return hash('sha256', `${secret} reply ${foldAddress(address)} ${messageId}`, 'base64url').slice(
    0,
    16,
  )
}

/** Addresses whose keys are cached, because each is logged a few times for every message. */
const REMEMBERED = 512

/** Gives an address the same key in the log, the journal and refusals, so that one sender has one name in all of them. */
export function addressHider(secret: string): (address: string) => string {
  const known = new Map<string, string>()
  return address => {
    const before = known.get(address)
    if (before !== undefined) return before
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value as string)
    const key = correspondentKey(address, secret)
    known.set(address, key)
    return key
  }
}
