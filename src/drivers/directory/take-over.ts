// Customers, passwords and leases as the configuration has them, put into the ledger at start and at a reload; what the file named the last
// time, and names no longer, is taken out. What the ledger knows from elsewhere (a password changed in the portal, a customer whom a feed
// told of, a lease that came later) stays.

import { foldAddress } from '../../model/mail-address.ts'
import type { Lease } from '../../model/lease.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Account, Accounts } from '../../ports/accounts.ts'
import type { Customers } from '../../ports/customers.ts'
import type { LeaseRows } from '../../ports/lease-rows.ts'
import type { RecordRows } from '../../ports/records.ts'
import { type FromFile, fromFileIn, keepFromFile } from './from-file.ts'
import { passwordsTakenOver } from './passwords-taken-over.ts'
import type { ConfiguredCustomers, Whose, KnownToLedger } from './known-to-ledger.ts'

/** What the ledger does not hold yet of the configured customers, and what it holds that the file names no longer. */
export type TakenOver = {
  readonly subscribers: readonly Subscriber[]
  readonly accounts: readonly Account[]
  readonly leases: readonly Lease[]
  readonly gone: {
    readonly subscribers: readonly string[]
    readonly accounts: readonly Whose[]
    readonly appPasswords: readonly string[]
    /** With their end. */
    readonly leases: readonly Lease[]
  }
  /** What came from the file before, and what comes from it now. */
  readonly before: FromFile | undefined
  readonly fromFile: FromFile
}

/** Reads what has to be known of the ledger. `at`: now. */
export async function knownToLedger(
  ledger: {
    readonly accounts: Pick<Accounts, 'accounts' | 'appPasswords'>
    readonly leaseRows: Pick<LeaseRows, 'leases'>
    readonly customers: Pick<Customers, 'subscribers'>
    readonly records: Pick<RecordRows, 'get'>
  },
  at: number,
): Promise<KnownToLedger> {
  return {
    accounts: await ledger.accounts.accounts(),
    appPasswords: await ledger.accounts.appPasswords(),
    open: (await ledger.leaseRows.leases(at)).filter(lease => lease.to === undefined),
    subscribers: new Set((await ledger.customers.subscribers()).map(one => one.id)),
    before: await fromFileIn(ledger.records),
  }
}

/** Works out what is to be taken over; writes nothing. `at` is when its leases begin and end. */
export function customersToTakeOver(
  known: KnownToLedger,
  configured: ConfiguredCustomers,
  at: number,
): TakenOver {
  const { before } = known
  const stay = new Set(configured.subscribers.map(one => one.id))
  const gone = Object.entries(before?.customers ?? {}).flatMap(([id, { elsewhere }]) =>
    elsewhere || stay.has(id) ? [] : [id],
  )
  const passwords = passwordsTakenOver(known, configured, new Set(gone))
  const left = new Set(gone)
  const leases = leasesTakenOver(known, configured, { left, at })
  return {
    subscribers: configured.subscribers.map(subscriberOf),
    accounts: passwords.accounts,
    leases: leases.opened,
    gone: {
      subscribers: gone,
      accounts: passwords.gone,
      appPasswords: passwords.appPasswords,
      leases: [...leases.closed].map(one => ({ ...one, to: at })),
    },
    before,
    fromFile: { customers: passwords.customers, leases: leases.fromFile },
  }
}

function leasesTakenOver(
  { open, before }: KnownToLedger,
  configured: ConfiguredCustomers,
  { left, at }: { readonly left: ReadonlySet<string>; readonly at: number },
) {
  const current = new Map(open.map(one => [leaseKey(one), one]))
  const named = new Set(configured.leases.map(leaseKey))
  const isLost = (one: Lease) =>
    !named.has(leaseKey(one)) && Math.abs(before?.leases[leaseKey(one)] ?? -1) === one.from
  // An address must never be the address of a customer that is not there, whichever source told of it.
  const closed = new Set(open.filter(one => left.has(one.subscriber) || isLost(one)))
  const holders = Map.groupBy(open, placeKey)
  const fromFile: Record<string, number> = {}
  const opened: Lease[] = []
  for (const lease of configured.leases) {
    const key = leaseKey(lease)
    const standing = current.get(key)
    const last = before?.leases[key]
    const known = last === undefined || last < 0 ? undefined : last
    if (standing) {
      // Where nothing is known yet of what came from the file, what the file names is the file's.
      fromFile[key] =
        before && Math.abs(last ?? at) !== standing.from ? (known ?? at) : standing.from
      continue
    }
    const inTheWay = (holders.get(placeKey(lease)) ?? []).filter(
      one => !closed.has(one) && overlaps(one, lease),
    )
    // What the file named before, and another customer was given since, stays given: the file says nothing new of it.
    if (inTheWay.length > 0 && (!before || known !== undefined)) {
      fromFile[key] = known ?? at
      continue
    }
    for (const one of inTheWay) closed.add(one)
    const { realm, prefix, ports, subscriber } = lease
    fromFile[key] = at
    opened.push({ realm, prefix, subscriber, from: at, ...(ports ? { ports } : {}) })
  }
  return { opened, closed, fromFile }
}

/**
 * Puts it into the ledger. What is to go is kept as the file's until it is gone: a crash in between takes it out at the next start. Before
 * that is known of anything, nothing is taken out.
 */
export async function keepCustomers(
  into: {
    readonly customers: Pick<Customers, 'changeSubscribers'>
    readonly accounts: Pick<Accounts, 'putAccounts' | 'removeAccounts' | 'removeAppPasswords'>
    readonly leaseRows: Pick<LeaseRows, 'putLeases'>
    readonly records: Pick<RecordRows, 'get' | 'put' | 'remove'>
  },
  { subscribers, accounts, leases, gone, before, fromFile }: TakenOver,
): Promise<void> {
  if (before) await keepFromFile(into.records, until(before, fromFile))
  await into.leaseRows.putLeases([...gone.leases, ...leases])
  await into.customers.changeSubscribers({ changed: subscribers, gone: gone.subscribers })
  await into.accounts.removeAccounts(gone.accounts)
  if (gone.appPasswords.length > 0) await into.accounts.removeAppPasswords(gone.appPasswords)
  await into.accounts.putAccounts(accounts)
  await keepFromFile(into.records, fromFile)
}

/**
 * The file's while it is being taken over: a new password is not yet told of as taken, and a lease that is still to be opened has its time
 * with a minus.
 */
function until(before: FromFile, next: FromFile): FromFile {
  const fresh = Object.entries(next.customers).map(
    ([id, { elsewhere }]) => [id, { ...(elsewhere ? { elsewhere } : {}), passwords: {} }] as const,
  )
  const leases = Object.entries(next.leases).map(
    ([key, from]) => [key, before.leases[key] === from ? from : -from] as const,
  )
  return {
    customers: { ...Object.fromEntries(fresh), ...before.customers },
    leases: { ...before.leases, ...Object.fromEntries(leases) },
  }
}

type Placed = ConfiguredCustomers['leases'][number]

const placeKey = ({ realm, prefix }: Placed): string => `${realm} ${prefix}`

const overlaps = (a: Placed, b: Placed): boolean =>
  !a.ports || !b.ports || (a.ports[0] <= b.ports[1] && b.ports[0] <= a.ports[1])

const leaseKey = ({ realm, prefix, ports, subscriber }: ConfiguredCustomers['leases'][number]) =>
  `${realm} ${prefix} ${ports?.[0] ?? 0} ${subscriber}`

/** A customer as they are configured, complete: the first login is where notices go. */
export function subscriberOf(given: ConfiguredCustomers['subscribers'][number]): Subscriber {
  const logins = given.logins.map(({ name, addresses }) => {
    const login = foldAddress(name)
    return { name: login, addresses: [...new Set([login, ...addresses.map(foldAddress)])] }
  })
  const [first] = logins
  const contacts = given.contacts.length > 0 ? given.contacts : first ? [first.name] : []
  const { id, plan, flags, language } = given
  return { id, plan, flags, language, contacts, logins }
}
