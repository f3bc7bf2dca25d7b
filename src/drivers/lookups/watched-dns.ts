// Whether the DNS answers at all. Each caller lives with a question that has no answer; that there is an answer to none is one fault, which an
// operator mends.

import { formatDuration, MINUTE, SECOND } from '../../model/duration.ts'
import { type Dns, isSilence } from './node-resolver.ts'

/** Shorter than this it may be one slow zone, or a restart of the resolver. */
const BRIEF = MINUTE

export type WatchedDns = Dns & {
  /** In words; undefined: it answers, or nothing was asked since. Asks once more before it says so. */
  problem(): Promise<string | undefined>
}

type Watched = {
  /** Asked for to make sure: whatever is said of it is an answer. */
  readonly hostname: string
  /** As the configuration names them; empty: the system's own. */
  readonly servers: readonly string[]
  /** ms, of a clock that never goes back. */
  readonly now: () => number
}

export function watchedDns(dns: Dns, { hostname, servers, now }: Watched): WatchedDns {
  /** Since when there was no answer; until the first one, since the start. */
  let silentSince: number | undefined = now()
  const resolve = async (name: string, type: string): Promise<unknown> => {
    try {
      const found = await dns.resolve(name, type)
      silentSince = undefined
      return found
    } catch (error) {
      silentSince = isSilence(error) ? (silentSince ?? now()) : undefined
      throw error
    }
  }
  return {
    resolve: resolve as Dns['resolve'],
    problem: async () => {
      if (silentSince === undefined || now() - silentSince < BRIEF) return undefined
      await resolve(hostname, 'A').catch(() => undefined)
      if (silentSince === undefined) return undefined
      const since = formatDuration(Math.floor((now() - silentSince) / SECOND) * SECOND)
      const which = servers.length > 0 ? servers.join(', ') : 'that of /etc/resolv.conf'
      return `no DNS server has answered for ${since} (${which}): reverse DNS, SPF, DKIM and lists are unknown, and mail by MX waits`
    },
  }
}
