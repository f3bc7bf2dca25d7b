// A login is an address in one of our domains: no mail reaches another, and no customer could prove that it is theirs. The same for the file and
// for every list.

import { domainOf } from './mail-address.ts'
import type { Subscriber } from './subscriber.ts'

/** Beside another mail server, which keeps the domains and the mailboxes, there are none, and logins are of its domains. */
export const isOutside = (ours: ReadonlySet<string>, name: string): boolean =>
  ours.size > 0 && !ours.has(domainOf(name))

/** The first that is given anew; what a customer has already, from an earlier Cordon or before a domain was given up, is left. */
export function loginOutside(
  changed: readonly Subscriber[],
  known: { get(id: string): Subscriber | undefined },
  ours: ReadonlySet<string>,
): { readonly name: string; readonly customer: string } | undefined {
  for (const { id, logins } of changed) {
    const outside = logins.find(({ name }) => isOutside(ours, name))
    if (!outside) continue
    const had = new Set(known.get(id)?.logins.map(({ name }) => name))
    const anew = logins.find(({ name }) => !had.has(name) && isOutside(ours, name))
    if (anew) return { name: anew.name, customer: id }
  }
  return undefined
}
