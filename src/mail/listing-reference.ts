// The name of an entry of our list at the end of the address of its page: two words of a keyed hash. It tells nothing of the customer, and
// the same line gets another one with its next case.

import { createHmac } from 'node:crypto'

export type ListingReference = (prefix: string, incident: string) => readonly [number, number]

export const listingReference =
  (secret: string): ListingReference =>
  (prefix, incident) => {
    const hash = createHmac('sha256', secret).update(`listing ${prefix} ${incident}`).digest()
    return [hash.readUInt32BE(0), hash.readUInt32BE(4)]
  }
