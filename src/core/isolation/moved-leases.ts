// Which leases would be open after changes that are not made: for a dry run. By the same rules as they are made (drivers/directory). Pure.

import { contains, parsePrefix } from '../../model/ip.ts'
import { isMeant, type Lease, type LeaseChange, openingOf, sameLease } from '../../model/lease.ts'

type OpenLeases = {
  current(subscriber: string): readonly Lease[]
  /** Ended ones whose sessions may go on. */
  taken(subscriber: string): readonly Lease[]
  /** Of exactly this prefix. */
  standing(realm: string, prefix: string): readonly Lease[]
  within(realm: string, prefix: string): readonly Lease[]
}

export type MovedLeases = {
  /** Customers whose open leases may be others then. */
  readonly subscribers: readonly string[]
  /** Open leases of a customer after the changes. */
  current(subscriber: string): readonly Lease[]
  /** Those that are taken already. */
  taken(subscriber: string): readonly Lease[]
  /** Open leases of narrower prefixes in this one after the changes. */
  within(realm: string, prefix: string): readonly Lease[]
}

export function movedLeases(
  leases: OpenLeases,
  changes: readonly LeaseChange[],
  now: number,
): MovedLeases {
  const prefixOf = ({ realm, prefix }: Lease) => `${realm} ${prefix}`
  const open = new Map<string, readonly Lease[]>()
  const touched = new Set<string>()
  for (const { kind, lease } of changes) {
    const prefix = prefixOf(lease)
    const standing = open.get(prefix) ?? leases.standing(lease.realm, lease.prefix)
    const after = kind === 'open' ? opened(standing, lease, now) : closed(standing, lease)
    for (const { subscriber } of [...standing, ...after]) touched.add(subscriber)
    open.set(prefix, after)
  }
  return {
    subscribers: [...touched],
    within: (realm, prefix) => [
      ...leases.within(realm, prefix).filter(one => !open.has(prefixOf(one))),
      ...[...open.values()]
        .flat()
        .filter(one => one.realm === realm && isNarrower(one.prefix, prefix)),
    ],
    taken: subscriber => leases.taken(subscriber),
    current: subscriber => [
      ...leases.current(subscriber).filter(one => !open.has(prefixOf(one))),
      ...[...open.values()].flat().filter(one => one.subscriber === subscriber),
    ],
  }
}

function opened(standing: readonly Lease[], lease: Lease, now: number): readonly Lease[] {
  if (lease.to !== undefined) return standing
  const opening = openingOf(standing, lease, now)
  if (opening.kind === 'again') return standing.map(old => (sameLease(old, lease) ? lease : old))
  if (opening.kind === 'late') return standing
  return [lease, ...standing.filter(old => !opening.ends.includes(old))]
}

function closed(standing: readonly Lease[], lease: Lease): readonly Lease[] {
  const meant = standing.find(old => isMeant(lease, old))
  return standing.filter(old => old !== meant)
}

function isNarrower(text: string, wide: string): boolean {
  const [inner, outer] = [parsePrefix(text), parsePrefix(wide)]
  return (
    inner !== undefined && outer !== undefined && inner.bits > outer.bits && contains(outer, inner)
  )
}
