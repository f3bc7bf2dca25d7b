// A login of a domain that waits for a restart waits with it: until then its mail is no customer's, and a client with its password could
// send in the name of a domain that is not ours yet.

import type { Config } from '../config/schema.ts'
import { domainOf, foldAddress } from '../model/mail-address.ts'

type Customer = Config['subscribers'][number]
/** Domains that are in force. */
type Ours = ReadonlySet<string>

/** Domains of logins that were taken at the start are ours, too. */
export const domainsInForce = ({
  domains,
  hostname,
  subscribers,
}: Pick<Config, 'domains' | 'hostname' | 'subscribers'>): Ours =>
  new Set(
    [
      hostname,
      ...domains,
      ...subscribers.flatMap(one => one.logins.map(({ name }) => domainOf(name))),
    ].map(foldAddress),
  )

const waits = (ours: Ours, address: string): boolean => !ours.has(foldAddress(domainOf(address)))

/** Customers without what waits: logins, and addresses of other logins. */
export const withoutWaiting = (customers: readonly Customer[], ours: Ours): readonly Customer[] =>
  customers.map(one => ({
    ...one,
    logins: one.logins
      .filter(({ name }) => !waits(ours, name))
      .map(login => ({
        ...login,
        addresses: login.addresses.filter(address => !waits(ours, address)),
      })),
  }))

/** For people: nothing when none waits. */
export function waitingLogins(next: Config, inForce: readonly string[]): readonly string[] {
  const before = new Set(inForce)
  const coming = next.domains.filter(domain => !before.has(domain))
  return coming.flatMap(domain => {
    const count = next.subscribers
      .flatMap(one => one.logins)
      .filter(({ name }) => foldAddress(domainOf(name)) === domain).length
    return count === 0
      ? []
      : [
          `subscribers: ${count} login${count === 1 ? '' : 's'} of ${domain} after a restart, with the domain`,
        ]
  })
}
