// One login, one customer; one address, one login: the customer that writes from it is the one asked about it. A list of customers that
// would give one to two is refused whole, and by the ledger as well: another process may have written what memory does not know.

import type { Login, Subscriber } from './subscriber.ts'

export type OfTwo = { readonly address: string; readonly first: string; readonly second: string }

/** Addresses and names of logins. */
export const addressesIn = ({ logins }: Subscriber): ReadonlySet<string> =>
  new Set(logins.flatMap(({ name, addresses }) => [name, ...addresses]))

/** The ledger has written nothing of a change, because it would give an address to a second customer. */
export class AddressTaken extends Error {
  override readonly name = 'AddressTaken'

  constructor({ address, first, second }: OfTwo) {
    super(
      `${address} is an address of customer ${first}, and would be one of customer ${second}. No customer was changed. Give every address to one customer.`,
    )
  }
}

/** Which customer and login have which address now. */
type AccountsNow = {
  get(id: string): Subscriber | undefined
  byLogin(login: string): Subscriber | undefined
  loginOf(address: string): Login | undefined
}

/**
 * The first address that two customers would have. `changed`: customers that are new or otherwise than before; `leaves`: whether one that
 * stands is not a customer any more. What two have already, of an earlier Cordon, keeps neither from being changed: of two that share an
 * address, at least one must be given it now.
 */
export function addressOfTwo(
  changed: readonly Subscriber[],
  standing: AccountsNow,
  leaves: (id: string) => boolean,
): OfTwo | undefined {
  const replaced = new Set(changed.map(one => one.id))
  const taken = new Map<string, Taken>()
  for (const one of changed) {
    const before = standing.get(one.id)
    const had = before && addressesIn(before)
    for (const address of addressesIn(one)) {
      const owner = ownerOf(standing, address)
      const stays = owner !== undefined && !replaced.has(owner) && !leaves(owner)
      const first = taken.get(address) ?? (stays ? { id: owner, isNew: false } : undefined)
      const isNew = !had?.has(address)
      if (first && first.id !== one.id && (isNew || first.isNew))
        return { address, first: first.id, second: one.id }
      taken.set(address, { id: one.id, isNew })
    }
  }
  return undefined
}

/** By whom, and whether they had it before. */
type Taken = { readonly id: string; readonly isNew: boolean }

/** Of exactly this address: what is behind a delimiter is not asked for. */
function ownerOf(standing: AccountsNow, address: string): string | undefined {
  const login = standing.loginOf(address)
  return login?.addresses.includes(address) ? standing.byLogin(login.name)?.id : undefined
}
