// Which customer had an address at a time, from a list of leases: a client of a log is then that customer, over all addresses that it had. What
// is not certain stays an address.

import { formatPrefix, parseIp, parsePrefix } from '../../model/ip.ts'
import { holderAmong, type Lease } from '../../model/lease.ts'

/** Addresses of logs are those of the Internet, or of the provider's own network. */
const REALM = 'main'

export class LeaseTable {
  readonly #byPrefix = new Map<string, Lease[]>()
  /** Lengths that there are, the longest first, by family. */
  readonly #lengths: Readonly<Record<4 | 6, readonly number[]>>

  constructor(leases: Iterable<Lease>) {
    const lengths = { 4: new Set<number>(), 6: new Set<number>() }
    for (const lease of leases) {
      const prefix = parsePrefix(lease.prefix)
      if (lease.realm !== REALM || !prefix) continue
      lengths[prefix.family].add(prefix.bits)
      const text = formatPrefix(prefix)
      const those = this.#byPrefix.get(text)
      if (those) those.push(lease)
      else this.#byPrefix.set(text, [lease])
    }
    const longestFirst = (some: Iterable<number>) => [...some].toSorted((a, b) => b - a)
    this.#lengths = { 4: longestFirst(lengths[4]), 6: longestFirst(lengths[6]) }
  }

  /** Undefined: no customer is known to, or it may have been either of two. */
  customerOf(address: string, at: number): string | undefined {
    const ip = parseIp(address)
    if (!ip) return undefined
    const width = ip.family === 4 ? 32 : 128
    for (const bits of this.#lengths[ip.family]) {
      const rest = BigInt(width - bits)
      const prefix = formatPrefix({ ...ip, value: (ip.value >> rest) << rest, bits })
      const holder = holderAmong(this.#byPrefix.get(prefix) ?? [], { at, skew: 0, port: undefined })
      if (holder.sure === 'certain') return holder.subscriber
      if (holder.sure === 'ambiguous') return undefined
    }
    return undefined
  }
}
