// What customers ask for themselves and what is asked about them, as main.ts opens it: opt-outs and second factors, the rollout that
// closes port 25 in parts, drivers that were emptied, and the feed that says who the customers are. Wired once; nothing here decides.

import type { Config } from './config/schema.ts'
import { secondFactors, type StoredFactor } from './drivers/credentials/second-factors.ts'
import { readFeed } from './drivers/directory/subscriber-feed.ts'
import { ledgerRecords } from './drivers/ledger/ledger-records.ts'
import { relayProbe } from './drivers/lookups/relay-probe.ts'
import type { EngineParts } from './engine/engine.ts'
import type { OptOut } from './model/opt-out.ts'
import type { Engine } from './ports/engine.ts'
import type { Ledger } from './ports/ledger.ts'
import type { Records } from './ports/records.ts'
import type { Resolver } from './ports/resolver.ts'
import type { SecondFactors } from './ports/second-factor.ts'
import { optOutNews, rolloutParts } from './network.ts'

/** Sessions an hour of an expert, where no router of ours says another figure. */
const DEFAULT_RATE = 600

export type CustomersOwn = {
  readonly optOuts: Records<OptOut>
  readonly factors: SecondFactors
  readonly off: Records<{ readonly id: string }>
  /** For the engine. */
  readonly engine: Required<Pick<EngineParts, 'optOut' | 'rollout' | 'off'>>
}

export type CustomersParts = {
  readonly ledger: Ledger
  readonly resolver: Resolver
  readonly ourDomain: string
  /** Something tells of what goes out just now. */
  readonly watching: () => boolean
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export async function customersOwn(
  config: Config,
  { ledger, resolver, ourDomain, watching, now, trouble }: CustomersParts,
): Promise<CustomersOwn> {
  const optOuts = await ledgerRecords<OptOut>(ledger, 'opt-out')
  const factors = secondFactors(await ledgerRecords<StoredFactor>(ledger, 'second-factor'))
  const off = await ledgerRecords<{ readonly id: string }>(ledger, 'driver-off')
  return {
    optOuts,
    factors,
    off,
    engine: {
      optOut: {
        optOuts,
        factors,
        resolver,
        relayProbe: relayProbe({ ourName: config.hostname, ourDomain }),
        expertRate: config.nftables[0]?.expertRate ?? DEFAULT_RATE,
        tell: optOutNews(config, now, trouble),
      },
      rollout: {
        parts: () => rolloutParts(config),
        uses: await ledgerRecords(ledger, 'port-25-use'),
        coverage: await ledgerRecords(ledger, 'port-25-coverage'),
        states: await ledgerRecords(ledger, 'rollout'),
        watching,
      },
      off,
    },
  }
}

/** Takes the feed over, once; undefined where there is none. */
export function feedChore(
  { subscriberFeed, subscribers }: Config,
  command: Engine['command'],
  trouble: (error: unknown, about: string) => void,
): ((at: number) => Promise<void>) | undefined {
  if (!subscriberFeed) return undefined
  const keep = subscribers.map(one => one.id)
  const actor = { kind: 'chore', name: 'subscriber feed' } as const
  return async at => {
    const told = await readFeed(subscriberFeed)
    const order = { kind: 'take-feed', subscribers: told, keep } as const
    const outcome = await command({ order, actor, at })
    if (!outcome.done) trouble(new Error(outcome.text), 'the subscriber feed')
  }
}
