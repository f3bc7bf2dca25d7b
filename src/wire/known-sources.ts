// Where an account was used with the right secret before: a client that guesses from elsewhere must not lock its owner out there. Kept
// with the counters, so it outlives a restart, and bounded by them: 1,024 sources for each account, and as many networks; the longest
// unused makes room.

import type { Op } from '../model/counter.ts'
import { DAY } from '../model/duration.ts'
import type { Counters } from '../ports/counters.ts'

export type KnownSources = {
  knows(account: string, source: string): Promise<boolean>
  /** At any source of this network. */
  knowsNetwork(account: string, network: string): Promise<boolean>
  learn(account: string, used: { readonly source: string; readonly network: string }): Promise<void>
  /** The secret is another one from now on: a client that knew the old one is a stranger, because it may have stolen it. */
  forget(account: string): Promise<void>
}

/** A holiday and what comes after it; an account with a new address each day has thirty of them. */
const KNOWN_FOR = 30 * DAY

export function knownSources(counters: Pick<Counters, 'apply'>, now: () => number): KnownSources {
  const read = async (op: Op) => {
    const counted = await counters.apply({ at: now(), mode: 'peek', ops: [op] })
    return 'failed' in counted ? undefined : counted.readings[0]
  }
  const take = async (...ops: Op[]) => void (await counters.apply({ at: now(), mode: 'take', ops }))
  /** How often the secret was changed. Outlives what was known before it. */
  const changes = (account: string): Op => ({
    op: 'mark',
    key: `secret-changed:${account}`,
    ttl: 2 * KNOWN_FOR,
  })
  const seen = (kind: 'sources' | 'networks', member: string, secret: string): Op => ({
    op: 'distinct',
    key: `known-${kind}:${secret}`,
    members: [member],
    window: KNOWN_FOR,
  })
  const secretOf = async (account: string) =>
    `${account}:${(await read(changes(account)))?.value ?? 0}`
  const isSeen = async (kind: 'sources' | 'networks', account: string, member: string) =>
    (await read(seen(kind, member, await secretOf(account))))?.novel === 0
  return {
    // Counters that cannot be read know no source: then the budgets of strangers hold.
    knows: (account, source) => isSeen('sources', account, source),
    knowsNetwork: (account, network) => isSeen('networks', account, network),
    learn: async (account, { source, network }) => {
      const secret = await secretOf(account)
      await take(seen('sources', source, secret), seen('networks', network, secret))
    },
    forget: account => take(changes(account)),
  }
}
