// The customers, leases and passwords of the configuration file, taken over into the ledger and into memory, at start and at a reload: what
// is new is put there, and what came from the file and is not in it any more is taken out.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LedgerCredentials } from '../drivers/credentials/ledger-credentials.ts'
import type { MemoryLeases } from '../drivers/directory/leases-memory.ts'
import type { MemorySubscribers } from '../drivers/directory/subscribers-memory.ts'
import {
  customersToTakeOver,
  keepCustomers,
  knownToLedger,
  type TakenOver,
} from '../drivers/directory/take-over.ts'
import { secretsLeftBehind, leftBetween } from '../drivers/directory/left-behind.ts'
import type { ConfiguredCustomers, Whose } from '../drivers/directory/known-to-ledger.ts'
import { ConfigError } from '../model/errors.ts'
import { addressOfTwo } from '../model/login-of-two.ts'
import type { Subscriber } from '../model/subscriber.ts'
import type { Ledger } from '../ports/ledger.ts'

/** What is to be told when the file's customers were taken over by a reload. */
export type Taken = {
  /** Logins that are gone, or have another password: their sessions end. */
  readonly logins: readonly string[]
  /** Customers that are gone, and logins that are not their customer's any more. */
  readonly left: readonly Whose[]
  /** Customers whose leases are others. */
  readonly moved: ReadonlySet<string>
}

type Into = {
  readonly ledger: Ledger
  readonly subscribers: MemorySubscribers
  readonly now: () => number
}

/** At a start. Throws ConfigError when the file gives one address to another customer than the ledger. */
export async function takeOverAtStart(
  { ledger, subscribers, now }: Into,
  configured: ConfiguredCustomers,
): Promise<void> {
  const known = await knownToLedger(ledger, now())
  const taken = customersToTakeOver(known, configured, now())
  refuseOfTwo(taken, subscribers)
  await keepCustomers(ledger, withNewOnly(taken, subscribers))
  subscribers.replace(await ledger.customers.subscribers())
  const { accounts, appPasswords } = secretsLeftBehind(known, id => subscribers.get(id))
  if (accounts.length > 0) await ledger.accounts.removeAccounts(accounts)
  if (appPasswords.length > 0) await ledger.accounts.removeAppPasswords(appPasswords)
}

export type IntoRunning = Into & {
  readonly leases: MemoryLeases
  readonly credentials: Pick<LedgerCredentials, 'load'>
  readonly forget: (login: string) => Promise<void>
  readonly told: (taken: Taken) => Promise<void>
}

/** At a reload: known at once, and on disk a moment later. Throws ConfigError likewise, and has changed nothing then. */
export async function prepareTakingOver(
  { ledger, subscribers, leases, credentials, now, forget, told }: IntoRunning,
  next: ConfiguredCustomers,
): Promise<() => Promise<void>> {
  const known = await knownToLedger(ledger, now())
  // Of twenty thousand customers each of these steps is a tenth of a second, and others' mail is answered in between.
  await nextTurn()
  const taken = customersToTakeOver(known, next, now())
  await nextTurn()
  refuseOfTwo(taken, subscribers)
  const all = new Map((await ledger.customers.subscribers()).map(one => [one.id, one]))
  await nextTurn()
  const toKeep = withNewOnly(taken, all)
  for (const one of taken.subscribers) all.set(one.id, one)
  for (const id of taken.gone.subscribers) all.delete(id)
  const before = new Map(taken.subscribers.map(one => [one.id, subscribers.get(one.id)]))
  for (const id of taken.gone.subscribers) before.set(id, subscribers.get(id))
  const logins = changedLogins(taken, before)
  const left = leftBetween(
    [...before.values()].flatMap(one => one ?? []),
    id => all.get(id),
  )
  await nextTurn()
  return async () => {
    for (const { to, ...lease } of taken.gone.leases) leases.close(lease, to ?? now())
    subscribers.replace(all.values())
    // With those that another customer had, and one that a customer was given meanwhile: the ledger has what memory has.
    const moved = taken.leases.flatMap(lease => leases.open(lease))
    try {
      await keepCustomers(ledger, { ...toKeep, leases: moved })
      await credentials.load()
      await Promise.all(logins.map(forget))
    } finally {
      // Also of what could not be written: a customer that is gone is gone from memory by now.
      await told({ logins, left, moved: new Set(moved.map(({ subscriber }) => subscriber)) })
    }
  }
}

/** Gone from their customers, or with another password than before. */
function changedLogins(
  { subscribers, accounts, gone }: TakenOver,
  before: ReadonlyMap<string, Subscriber | undefined>,
): readonly string[] {
  const stay = new Map(
    subscribers.map(one => [one.id, new Set(one.logins.map(({ name }) => name))]),
  )
  const lost = [...before].flatMap(([id, one]) =>
    (one?.logins ?? []).flatMap(({ name }) => (stay.get(id)?.has(name) ? [] : [name])),
  )
  const passwords = [...accounts, ...gone.accounts].flatMap(({ login }) => login ?? [])
  return [...new Set([...lost, ...passwords])]
}

function refuseOfTwo({ subscribers, gone }: TakenOver, standing: MemorySubscribers): void {
  const changed = subscribers.filter(one => isOther(one, standing.get(one.id)))
  const left = new Set(gone.subscribers)
  const found = addressOfTwo(changed, standing, id => left.has(id))
  if (!found) return
  throw ConfigError.of([
    {
      where: 'subscribers',
      problem: `${found.address} is an address of customer ${found.first} already, and would be one of customer ${found.second}`,
      advice:
        'Give every address to one customer. Those that a feed or an import told of are shown by "cordon subscriber list".',
    },
  ])
}

type KnownCustomers = { get(id: string): Subscriber | undefined }

/** The ledger has the others as they are: of twenty thousand customers in the file one was added. Memory may have what could not be written. */
const withNewOnly = (taken: TakenOver, kept: KnownCustomers): TakenOver => ({
  ...taken,
  subscribers: taken.subscribers.filter(
    one => JSON.stringify(one) !== JSON.stringify(kept.get(one.id)),
  ),
})

/** What was so before does not keep Cordon from starting. */
const isOther = (one: Subscriber, before: Subscriber | undefined): boolean =>
  JSON.stringify(one.logins) !== JSON.stringify(before?.logins)
