// Which client may tell of which access server: each client's secret speaks for its own only. A client that names its access servers
// (`nas`) speaks for these; a client that names none speaks for itself, and for those of no other client: a proxy in front of several. A name
// that is no address, as many access servers have that were never set up, is of the client that tells of it first. Of an address that several
// clients tell of, none of them names it, each tells of sessions of its own: it may be one access server behind two proxies, or two of them.

import { canonicalIp } from '../../model/ip.ts'
import type { Lease } from '../../model/lease.ts'

export type RadiusClientSettings = {
  /** `radius.clients[].address`, must be given. */
  readonly address: string
  readonly secret: string
  /** Address space of what its access servers give out; that of the section without it: `radius.clients[].realm`, none by default. */
  readonly realm?: string | undefined
  readonly nas?: readonly {
    /** How it names itself: `radius.clients[].nas[].name`, must be given. */
    readonly name: string
    /** `radius.clients[].nas[].realm`, none by default. */
    readonly realm?: string | undefined
  }[]
}

export type RadiusClient = {
  readonly secret: string
  speaksFor(nas: string): boolean
  /** Whether another client told of that address first, and no configuration says that both may: then each tells of its own sessions. */
  isSecondFor(nas: string): boolean
  /** This client's address where the configuration does not say which client tells of that address: several may. */
  tellerOf(nas: string): string | undefined
  realmOf(nas: string): string
}

/** More names than these are of one that gives itself ever new ones. */
const MAX_NAMES = 10_000

/** Which client told of each access server first, as it is kept, or else as leases from before a restart have it. */
export function firstTellers(
  leases: Iterable<Lease>,
  firstOf: (nas: string) => string | undefined = () => undefined,
): ReadonlyMap<string, string> {
  const first = new Map<string, { readonly teller: string; readonly from: number }>()
  for (const { session, from } of leases) {
    if (session?.teller === undefined) continue
    const known = first.get(session.nas)
    if (!known || from < known.from) first.set(session.nas, { teller: session.teller, from })
  }
  return new Map(Array.from(first, ([nas, { teller }]) => [nas, firstOf(nas) ?? teller]))
}

export function radiusClients(
  settings: readonly RadiusClientSettings[],
  realm: string,
  /** Which client told first of which access server, before a restart. */
  before: Iterable<readonly [nas: string, client: string]> = [],
): ReadonlyMap<string, RadiusClient> {
  const named = (text: string) => canonicalIp(text) ?? text
  const taken = new Map<string, Set<string>>()
  const take = (nas: string, by: string) =>
    taken.set(nas, (taken.get(nas) ?? new Set<string>()).add(by))
  for (const { address, nas = [] } of settings) {
    take(named(address), named(address))
    for (const { name } of nas) take(named(name), named(address))
  }
  const first = new Map(before)
  /** Whether no other client has told of that name or address. */
  const isFirst = (nas: string, mine: string): boolean => {
    const known = first.get(nas)
    if (known === undefined && first.size < MAX_NAMES) first.set(nas, mine)
    return (known ?? mine) === mine
  }
  return new Map(
    settings.map(client => {
      const mine = named(client.address)
      const realms = new Map((client.nas ?? []).map(one => [named(one.name), one.realm]))
      const one: RadiusClient = {
        secret: client.secret,
        speaksFor: nas => {
          if (realms.size > 0) return realms.has(nas)
          return taken.get(nas)?.has(mine) ?? (isFirst(nas, mine) || canonicalIp(nas) !== undefined)
        },
        tellerOf: nas => (taken.has(nas) || canonicalIp(nas) === undefined ? undefined : mine),
        isSecondFor: nas => !taken.has(nas) && !isFirst(nas, mine),
        realmOf: nas => realms.get(nas) ?? client.realm ?? realm,
      }
      return [mine, one]
    }),
  )
}
