// Domains for which the server takes mail from outside: clients of many networks write to them without a login. A client that writes there is
// a stranger, and no sender of this server, though it hands the mail on to a server of the domain's own.

import { networkNumber } from '../../engine/evidence/episode-facts.ts'
import { BoundedMap } from '../../model/bounded-map.ts'

/** Networks, /16 and /32 of IPv6. [est] */
const FROM_NETWORKS = 8
const MOST_DOMAINS = 20_000

export class ServedDomains {
  readonly #networks = new BoundedMap<string, Set<number>>(MOST_DOMAINS)

  /** A client without a login wrote to it. */
  wrote(domain: string, address: string): void {
    const before = this.#networks.get(domain)
    if (!before) this.#networks.set(domain, new Set([networkNumber(address)]))
    else if (before.size < FROM_NETWORKS) before.add(networkNumber(address))
  }

  has(domain: string): boolean {
    return (this.#networks.get(domain)?.size ?? 0) >= FROM_NETWORKS
  }
}
