// Customers, passwords and leases as the configuration has them, put into the ledger at start. What the ledger
// knows and the file does not (a password changed in the portal, a lease that came later) stays.

import { foldAddress } from '../../model/mail-address.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Account, Ledger } from '../../ports/ledger.ts'

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

export async function takeOver(
  ledger: Ledger,
  configured: ConfiguredCustomers,
  at: number,
): Promise<void> {
  const known = new Set(
    (await ledger.accounts()).map(account => `${account.subscriber}/${account.login ?? ''}`),
  )
  const accounts: Account[] = []
  const subscribers = configured.subscribers.map((given): Subscriber => {
    const portal = given.portalPasswordHash
    if (portal && !known.has(`${given.id}/`)) accounts.push({ subscriber: given.id, hash: portal })
    for (const { name, passwordHash } of given.logins) {
      const login = foldAddress(name)
      if (passwordHash && !known.has(`${given.id}/${login}`))
        accounts.push({ subscriber: given.id, login, hash: passwordHash })
    }
    return subscriberOf(given)
  })
  await ledger.putSubscribers(subscribers)
  await ledger.putAccounts(accounts)
  const current = new Set(
    (await ledger.leases(at))
      .filter(lease => lease.to === undefined)
      .map(lease => `${lease.realm} ${lease.prefix} ${lease.ports?.[0] ?? 0} ${lease.subscriber}`),
  )
  await ledger.putLeases(
    configured.leases
      .filter(
        lease =>
          !current.has(
            `${lease.realm} ${lease.prefix} ${lease.ports?.[0] ?? 0} ${lease.subscriber}`,
          ),
      )
      .map(({ realm, prefix, ports, subscriber }) => ({
        realm,
        prefix,
        subscriber,
        from: at,
        ...(ports ? { ports } : {}),
      })),
  )
}

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
