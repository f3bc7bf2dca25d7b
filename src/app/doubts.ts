// What staff read of an address whose holder is in doubt: which customers may have it, why, and what is enforced there all the same.

import type { MemoryLeases } from '../drivers/directory/leases-memory.ts'
import { whyInDoubt } from '../engine/network/why-in-doubt.ts'
import type { Lease } from '../model/lease.ts'
import { wordsOf } from '../model/errors.ts'
import { formatPrefix, parsePrefix } from '../model/ip.ts'
import type { Leases } from '../ports/leases.ts'
import type { Held, NetworkControl } from '../ports/network-control.ts'
import type { Doubt, Reading, WhoAsked } from '../ports/reading.ts'

type DoubtParts = {
  readonly leases: Leases & Pick<MemoryLeases, 'isDoubtful'>
  readonly routers: readonly NetworkControl[]
  readonly network: Reading['network']
}

/** What is shown as enforced is what the device has confirmed; what it has not says so. */
export const standingText = ({ prefix, state, standing, words }: Held): string =>
  standing === undefined
    ? `${prefix} ${state}`
    : `${prefix} ${state} NOT CONFIRMED (${standing}${words === undefined ? '' : `: ${words}`})`

export const doubtful = ({ leases }: Pick<DoubtParts, 'leases'>, all: readonly Lease[]) =>
  all.filter(lease => lease.doubtFrom !== undefined || leases.isDoubtful(lease))

/** Of the longest prefix that has an address: it says whose the address is. */
export function doubtsAt(parts: DoubtParts, { realm, address }: WhoAsked): Promise<Doubt[]> {
  const own = parsePrefix(address)
  if (!own) return Promise.resolve([])
  const prefix = formatPrefix(own)
  const all = [...parts.leases.standing(realm, prefix), ...parts.leases.around(realm, prefix)]
  const bitsOf = (lease: Lease) => parsePrefix(lease.prefix)?.bits ?? 0
  const longest = Math.max(...all.map(bitsOf))
  const mine = all.filter(lease => bitsOf(lease) === longest)
  return doubtsOf(
    parts,
    doubtful(parts, mine).flatMap(one => [one, ...claimed(one)]),
  )
}

/** It is of the other customer who was told to have it, where it is not of its holder. */
function claimed({ claimedBy, ...lease }: Lease): Lease[] {
  if (claimedBy === undefined) return []
  const { leftBy: _left, session: _session, ...claim } = lease
  return [{ ...claim, subscriber: claimedBy, claimedBy: lease.subscriber }]
}

export async function doubtsOf(parts: DoubtParts, all: readonly Lease[]): Promise<Doubt[]> {
  const worries = all.length === 0 ? [] : parts.network().worries
  const isSilent = (nas: string) =>
    worries.some(({ what, about }) => what === 'silent' && about === nas)
  return Promise.all(
    all.map(async lease => ({
      subscriber: lease.subscriber,
      prefix: lease.prefix,
      why: whyInDoubt(parts.leases, lease, isSilent),
      enforced: await enforcedOn(parts, lease),
    })),
  )
}

async function enforcedOn({ routers }: DoubtParts, lease: Lease): Promise<readonly string[]> {
  const each = await Promise.all(
    routers.map(async driver => {
      const held = await driver.list(lease.subscriber).catch(wordsOf)
      if (typeof held === 'string') return [`${driver.name}: ${held}`]
      return held
        .filter(({ realm, prefix }) => realm === lease.realm && prefix === lease.prefix)
        .map(entry => `${driver.name}: ${standingText(entry)}`)
    }),
  )
  return each.flat()
}
