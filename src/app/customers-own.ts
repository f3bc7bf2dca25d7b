// What customers ask for themselves and what is asked about them: opt-outs and second factors, the rollout that closes port 25 in parts,
// and drivers that an operator emptied. All of it is kept in the ledger.

import { secondFactors, type StoredFactor } from '../drivers/credentials/second-factors.ts'
import { ledgerRecords, ownedRecords } from '../drivers/ledger/ledger-records.ts'
import { relayProbe } from '../drivers/lookups/relay-probe.ts'
import { signedPost } from '../drivers/network/signed-post.ts'
import type { EngineParts } from '../engine/engine-parts.ts'
import type { OptOutNews } from '../engine/port25/opt-outs.ts'
import type { Complaint } from '../model/complaint.ts'
import type { OptOut } from '../model/opt-out.ts'
import type { RolloutPart } from '../model/rollout.ts'
import { parseDay } from '../model/time.ts'
import type { OwnedRecords, RecordRows, Records } from '../ports/records.ts'
import type { Resolver } from '../ports/resolver.ts'
import type { SecondFactors } from '../ports/second-factor.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import type { Scope } from './scope.ts'
import type { Chosen, Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

/** Sessions an hour of an expert, where no router of ours says another figure. */
const DEFAULT_RATE = 600

export type CustomersOwn = {
  readonly optOuts: OwnedRecords<OptOut>
  readonly factors: SecondFactors
  readonly off: Records<{ readonly id: string }>
  /** For the engine. */
  readonly engine: Required<Pick<EngineParts, 'optOut' | 'rollout' | 'off'>> & {
    readonly complaints: Records<Complaint>
  }
}

export type CustomersOwnNeeds = {
  readonly records: RecordRows
  readonly resolver: Resolver
  readonly subscribers: Pick<Subscribers, 'get'>
  readonly ourDomain: string
  /** A sensor tells of what goes out just now. */
  readonly watching: () => boolean
  readonly world: World
}

const KEYS = {
  hostname: 'restart',
  nftables: 'restart',
  optOut: 'live',
  rollout: 'live',
} as const satisfies Keys

export const CUSTOMERS_OWN_READ = [KEYS]

export function openCustomersOwn(
  scope: Scope,
  settings: Settings,
  { records, resolver, subscribers, ourDomain, watching, world }: CustomersOwnNeeds,
): Promise<CustomersOwn> {
  return scope.open("customers' own", async () => {
    const config = settings.of(KEYS)
    const { hostname, nftables } = config.now
    const optOuts = await ownedRecords<OptOut>(records, 'opt-out')
    const stored = await ledgerRecords<StoredFactor>(records, 'second-factor')
    const factors = secondFactors(stored)
    for (const { id } of stored.all()) if (!subscribers.get(id)) await factors.remove(id)
    const off = await ledgerRecords<{ readonly id: string }>(records, 'driver-off')
    return {
      optOuts,
      factors,
      off,
      engine: {
        optOut: {
          optOuts,
          factors,
          resolver,
          relayProbe: relayProbe({ ourName: hostname, ourDomain }),
          expertRate: nftables[0]?.expertRate ?? DEFAULT_RATE,
          tell: news => tellHook(config.now, news, world),
        },
        rollout: {
          parts: () => rolloutParts(config.now),
          uses: await ledgerRecords(records, 'port-25-use'),
          coverage: await ledgerRecords(records, 'port-25-coverage'),
          states: await ledgerRecords(records, 'rollout'),
          watching,
        },
        off,
        complaints: await ledgerRecords<Complaint>(records, 'complaint'),
      },
    }
  })
}

/** Tells the operator's own systems of an opt-out, where they want to know. */
function tellHook(
  { optOut: { hook } }: Pick<Chosen<typeof KEYS>, 'optOut'>,
  { news, at, optOut }: OptOutNews,
  { now, trouble }: World,
): void {
  if (!hook) return
  const { id, code, subscriber, kind, server, addresses, endedBy } = optOut
  const told = { code, subscriber, kind, server, addresses, endedBy }
  signedPost(
    hook,
    { id: `${id}-${news}-${at}`, news, at: new Date(at).toISOString(), ...told },
    now,
  ).catch(error => trouble(error, 'telling of an opt-out'))
}

/** The parts of a rollout, with dates as times. */
export const rolloutParts = ({
  rollout,
}: Pick<Chosen<typeof KEYS>, 'rollout'>): readonly RolloutPart[] =>
  rollout.parts.map(part => ({ ...part, date: parseDay(part.date) as number }))
