// The organisational domain of a name, by the public suffix list: example.co.uk of mail.example.co.uk. Its holder holds all
// names below it, so they are one sender. Private suffixes count: customers of a host of many are not one organisation.

import { getDomain } from 'tldts'

/** In lower case; the name itself when it has none (an address literal, a suffix, a single label). */
export function organisationalDomain(name: string): string {
  const lower = name.toLowerCase()
  return getDomain(lower, { allowPrivateDomains: true, extractHostname: false }) ?? lower
}
