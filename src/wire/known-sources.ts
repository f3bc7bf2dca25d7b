// Where an account was used with the right secret before: a client that guesses from elsewhere must not lock its owner out there. Kept
// with the counters, so it outlives a restart, and bounded by them: 1,024 sources for each account, the longest unused makes room.

import type { Op } from '../model/counter.ts'
import { DAY } from '../model/duration.ts'
import type { Counters } from '../ports/counters.ts'

export type KnownSources = {
  knows(account: string, source: string): Promise<boolean>
  learn(account: string, source: string): Promise<void>
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
  const take = async (op: Op) => void (await counters.apply({ at: now(), mode: 'take', ops: [op] }))
  /** How often the secret was changed. Outlives what was known before it. */
  const changes = (account: string): Op => ({
    op: 'mark',
    key: `secret-changed:${account}`,
    ttl: 2 * KNOWN_FOR,
  })
  const seen = async (account: string, source: string): Promise<Op> => ({
    op: 'distinct',
    key: `known-sources:${account}:${(await read(changes(account)))?.value ?? 0}`,
    members: [source],
    window: KNOWN_FOR,
  })
  return {
    // Counters that cannot be read know no source: then the budgets of strangers hold.
    knows: async (account, source) => (await read(await seen(account, source)))?.novel === 0,
    learn: async (account, source) => take(await seen(account, source)),
    forget: account => take(changes(account)),
  }
}
