// Drivers that tell a session: what they do meets that session alone, whatever becomes of its addresses.

import type { Restriction } from '../../model/decision.ts'
import type { Lease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import type { NetworkControl } from '../../ports/network-control.ts'

type OneDriver = Pick<NetworkControl, 'fits' | 'meetsOne'>

/** Whether a driver takes this lease, and meets nothing else by it: then no doubt whose the address is, and no lease in it, keeps it from it. */
export const meetsAlone = (driver: OneDriver, lease: Lease): boolean =>
  driver.meetsOne?.(lease) === true && takes(driver, lease)

/** Those of a customer, and those that others have taken while their sessions go on: where a session is met alone it is told of these, too. */
export const withTaken = (
  leases: Pick<Leases, 'current' | 'taken'>,
  subscriber: string,
): readonly Lease[] => [...leases.current(subscriber), ...leases.taken(subscriber)]

export const takes = (driver: OneDriver, lease: Lease): boolean => driver.fits(isolatedOn(lease))

/** Of the length that their ids have: what stands beside an entry may have to be short. */
const ANY_DECISION = 'x'.repeat(12)

/** What a router would be told of this lease, if the line were isolated. */
export const isolatedOn = (lease: Lease): Restriction => {
  const { realm, prefix, ports, session, subscriber } = lease
  return {
    realm,
    prefix,
    ...(ports ? { ports } : {}),
    ...(session ? { session } : {}),
    subscriber,
    state: 'isolated',
    walledGarden: false,
    decision: ANY_DECISION,
  }
}
