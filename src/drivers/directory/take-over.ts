// Customers, passwords and leases as the configuration has them, put into the ledger at start and at a reload. What the ledger
// knows and the file does not (a password changed in the portal, a lease that came later) stays.

import { foldAddress } from '../../model/mail-address.ts'
import type { Lease } from '../../model/lease.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Account, Accounts } from '../../ports/accounts.ts'
import type { Customers } from '../../ports/customers.ts'
import type { LeaseRows } from '../../ports/lease-rows.ts'

export type ConfiguredCustomers = {
  readonly subscribers: readonly (Omit<Subscriber, 'logins'> & {
    readonly portalPasswordHash?: string | undefined
    readonly logins: readonly {
      readonly name: string
      readonly addresses: readonly string[]
      readonly passwordHash?: string | undefined
    }[]
  })[]
  readonly leases: readonly {
    readonly realm: string
    readonly prefix: string
    readonly ports?: readonly [number, number] | undefined
    readonly subscriber: string
  }[]
}

/** What the ledger does not hold yet of the configured customers. */
export type TakenOver = {
  readonly subscribers: readonly Subscriber[]
  /** Only where there was no password: one that was changed in the portal stays. */
  readonly accounts: readonly Account[]
  readonly leases: readonly Lease[]
}

/** Works out what is to be taken over; writes nothing. `at` is when its leases begin. */
export async function customersToTakeOver(
  known: {
    readonly accounts: Pick<Accounts, 'accounts'>
    readonly leaseRows: Pick<LeaseRows, 'leases'>
  },
  configured: ConfiguredCustomers,
  at: number,
): Promise<TakenOver> {
  const passwords = new Set(
    (await known.accounts.accounts()).map(
      account => `${account.subscriber}/${account.login ?? ''}`,
    ),
  )
  const accounts: Account[] = []
  const subscribers = configured.subscribers.map((given): Subscriber => {
    const portal = given.portalPasswordHash
    if (portal && !passwords.has(`${given.id}/`))
      accounts.push({ subscriber: given.id, hash: portal })
    for (const { name, passwordHash } of given.logins) {
      const login = foldAddress(name)
      if (passwordHash && !passwords.has(`${given.id}/${login}`))
        accounts.push({ subscriber: given.id, login, hash: passwordHash })
    }
    return subscriberOf(given)
  })
  const open = (await known.leaseRows.leases(at)).filter(lease => lease.to === undefined)
  const current = new Set(open.map(leaseKey))
  const leases = configured.leases
    .filter(lease => !current.has(leaseKey(lease)))
    .map(({ realm, prefix, ports, subscriber }) => ({
      realm,
      prefix,
      subscriber,
      from: at,
      ...(ports ? { ports } : {}),
    }))
  return { subscribers, accounts, leases }
}

/** Puts it into the ledger. */
export async function keepCustomers(
  into: {
    readonly customers: Pick<Customers, 'putSubscribers'>
    readonly accounts: Pick<Accounts, 'putAccounts'>
    readonly leaseRows: Pick<LeaseRows, 'putLeases'>
  },
  { subscribers, accounts, leases }: TakenOver,
): Promise<void> {
  await into.customers.putSubscribers(subscribers)
  await into.accounts.putAccounts(accounts)
  await into.leaseRows.putLeases(leases)
}

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
