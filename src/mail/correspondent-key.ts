// Correspondents as keyed hashes: Cordon can tell that a correspondent was written to before, not which address that was.

import { createHmac, hash } from 'node:crypto'
import { BoundedMap } from '../model/bounded-map.ts'
import { domainOf, foldAddress, personOf } from '../model/mail-address.ts'
import { ownText } from '../model/own-text.ts'

/** Addresses whose keys are cached, some 4 MB: each is wanted a few times for every message, and most senders come back. */
const REMEMBERED = 32_768

/** Of one secret: a process has one. */
let cached = { secret: '', keys: new BoundedMap<string, string>(REMEMBERED) }

/** `hash@domain`: the local part is hidden, the domain stays for the abuse desk. */
export function correspondentKey(address: string, secret: string): string {
  if (cached.secret !== secret) cached = { secret, keys: new BoundedMap(REMEMBERED) }
  const { keys } = cached
  const before = keys.get(address)
  if (before !== undefined) return before
  const key = newKey(address, secret)
  keys.set(ownText(address), key)
  return key
}

function newKey(address: string, secret: string): string {
  const person = personOf(address)
  const key = createHmac('sha256', secret).update(person).digest('base64url').slice(0, 12)
  // Of an address literal one spelling, as in the person.
  return ownText(`${key}@${domainOf(person)}`)
}

/** The key of an incoming message and of an address to which its answer may go; neither can be read from the key. */
export function replyKey(messageId: string, address: string, secret: string): string {
  return hash('sha256', `${secret} reply ${foldAddress(address)} ${messageId}`, 'base64url').slice(
    0,
    16,
  )
}

/** Gives an address the same key in the log, the journal and refusals, so that one sender has one name in all of them. */
export const addressHider =
  (secret: string): ((address: string) => string) =>
  address =>
    correspondentKey(address, secret)
