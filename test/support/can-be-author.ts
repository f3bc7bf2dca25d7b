// Whether what another program read in From is an author: an address with a local part, at a domain that can exist. A word alone, or a
// word at a word (`anna@büro`), names nobody. What stands in front of a space is no part of an address.

import { foldAddress } from '../../src/model/mail-address.ts'

/** The address that is read, folded; undefined when it names nobody. */
export function authorIn(read: string): string | undefined {
  const address = foldAddress(read.slice(Math.max(0, read.search(/[^\s]+@/))))
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1).replace(/\.$/, '')
  if (at < 1) return undefined
  if (/^\[(?:ipv6:[\da-f:.]+|[\d.]+)\]$/i.test(domain)) return address
  // Letters, digits and hyphens of any script, and no full stop but those that are taken for one.
  const isName = /^[\p{L}\p{M}\p{N}\p{So}_-]+(?:[.\u3002][\p{L}\p{M}\p{N}\p{So}_-]+)+$/u.test(
    domain,
  )
  return isName && !/[.\u3002](?:\d+|[a-z_-])$/.test(domain) ? address : undefined
}
