// Drivers that tell a session: what they do meets that session alone, whatever becomes of its addresses.

import type { Lease } from '../../model/lease.ts'
import type { NetworkControl } from '../../ports/network-control.ts'

type OneDriver = Pick<NetworkControl, 'fits' | 'meetsOne'>

/** Whether a driver takes this lease, and meets nothing else by it: then no doubt whose the address is, and no lease in it, keeps it from it. */
export const meetsAlone = (driver: OneDriver, lease: Lease): boolean =>
  driver.meetsOne?.(lease) === true && takes(driver, lease)

export const takes = (driver: OneDriver, lease: Lease): boolean => {
  const { realm, prefix, ports, session, subscriber } = lease
  return driver.fits({
    realm,
    prefix,
    ...(ports ? { ports } : {}),
    ...(session ? { session } : {}),
    subscriber,
    state: 'isolated',
    walledGarden: false,
  })
}
