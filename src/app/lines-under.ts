// Which lines would open or close under another configuration: by its customers and leases, by its rollout, and by what its routers close
// by prefix. Reads, and changes nothing.

import { movedLeases } from '../core/isolation/moved-leases.ts'
import { watched } from '../core/isolation/rollout.ts'
import type { Config } from '../config/schema.ts'
import {
  customersToTakeOver,
  knownToLedger,
  type TakenOver,
} from '../drivers/directory/take-over.ts'
import { changesBetween, type DryRunParts, householdsOf } from '../engine/orders/lines-changed.ts'
import {
  CLOSED,
  linesByPrefix,
  linesOfPart,
  type PrefixParts,
} from '../engine/port25/rollout-dry-run.ts'
import type { LeaseChange } from '../model/lease.ts'
import type { Subscriber } from '../model/subscriber.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import { type CustomersOwn, rolloutParts } from './customers-own.ts'
import type { Directory } from './directory.ts'
import type { Stores } from './stores.ts'

/** A line each. */
export type LinesUnder = (before: Config, next: Config) => Promise<readonly string[]>

type LinesUnderNeeds = {
  readonly ledger: Stores['ledger']
  readonly directory: Pick<Directory, 'subscribers' | 'leases'>
  readonly network: readonly NetworkControl[]
  readonly customers: Pick<CustomersOwn, 'engine'>
  readonly now: () => number
}

const NO_USERS: ReadonlySet<string> = new Set()

export function linesUnder({
  ledger,
  directory: { subscribers, leases },
  network,
  customers,
  now,
}: LinesUnderNeeds): LinesUnder {
  const { optOut, off, rollout } = customers.engine
  const parts: DryRunParts = { network, leases, subscribers, off, cases: ledger.cases, optOut }

  async function customersThen(next: Config) {
    const at = now()
    const taken = customersToTakeOver(await knownToLedger(ledger, at), next, at)
    const moved = movedLeases(leases, changesIn(taken), at)
    const all = new Map(Array.from(subscribers.all(), one => [one.id, one]))
    const touched = [...taken.gone.subscribers, ...moved.subscribers]
    for (const one of taken.subscribers) {
      touched.push(one.id)
      all.set(one.id, one)
    }
    for (const id of taken.gone.subscribers) all.delete(id)
    const ids = [...new Set(touched)]
    const { cases } = ledger
    return {
      ids,
      then: { network, optOut, cases, subscribers: readOnly(all), leases: moved },
    }
  }

  return async (before, next) => {
    const { ids, then } = await customersThen(next)
    const only = (config: Config) => watched(rolloutParts(config), name => rollout.states.get(name))
    return [
      ...changesBetween(parts, householdsOf(parts, ids), householdsOf(then, ids)),
      ...linesOfPart(then, { now: only(before), then: only(next) }, NO_USERS),
      ...ofRouters(then, before, next),
    ]
  }
}

const changesIn = ({ gone, leases }: TakenOver): readonly LeaseChange[] => [
  ...gone.leases.map(lease => ({ kind: 'close', lease }) as const),
  ...leases.map(lease => ({ kind: 'open', lease }) as const),
]

const readOnly = (all: ReadonlyMap<string, Subscriber>): PrefixParts['subscribers'] => ({
  get: id => all.get(id),
  all: () => all.values(),
})

/** What a router's table closes: of a router that is in both. */
const ofRouters = (parts: PrefixParts, before: Config, next: Config): readonly string[] =>
  next.nftables.flatMap(({ name, consumers }) => {
    const old = before.nftables.find(one => one.name === name)
    if (!old) return []
    const drivers = (driver: NetworkControl) => driver.name === name
    const words = { in: `${CLOSED} (after a restart, with a new table)`, out: 'not in it' }
    return linesByPrefix(parts, { now: old.consumers, then: consumers, words, drivers }, NO_USERS)
  })
