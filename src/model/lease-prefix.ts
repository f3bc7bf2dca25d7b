// The prefix of a lease, by whatever way it comes: configuration, order, file, RADIUS, Kea. One rule, so that none of them gives half of the
// Internet to one customer.

import { formatPrefix, parseIp, parsePrefix, type Prefix } from './ip.ts'

/** Bits. A wider one is a default route or a slip of the pen: no customer has more than 10.0.0.0/8. */
const WIDEST = { 4: 8, 6: 16 } as const

export const isTooWide = ({ family, bits }: Pick<Prefix, 'family' | 'bits'>): boolean =>
  bits < WIDEST[family]

/** 192.0.2.7/24 may mean the address or its network. */
export function hasHostBits(text: string): boolean {
  const [written, prefix] = [parseIp(text.split('/')[0] ?? ''), parsePrefix(text)]
  return written !== undefined && prefix !== undefined && written.value !== prefix.value
}

/** In canonical form, or what is wrong with it. */
export function leasePrefix(
  text: string,
): { readonly prefix: string } | { readonly wrong: string } {
  const parsed = parsePrefix(text)
  if (!parsed) return { wrong: 'is no address or prefix' }
  if (hasHostBits(text))
    return { wrong: `is not the first address of its prefix: behind its length nothing may be set` }
  if (isTooWide(parsed))
    return {
      wrong: `is too wide for one customer: /${WIDEST[parsed.family]} is the widest`,
    }
  return { prefix: formatPrefix(parsed) }
}
