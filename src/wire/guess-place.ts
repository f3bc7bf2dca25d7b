// Where a client that says a secret is, for its account: where it was used rightly before, at its owner's own line, or elsewhere; and which
// budgets a wrong one is counted on there. An address that is known goes before the line: a line may be a campus, and only clients that
// share the address share what is known of it.

import { createHash } from 'node:crypto'
import { maskIp, parsePrefix, sourceOf } from '../model/ip.ts'
import type { Lease } from '../model/lease.ts'
import type { Client } from '../model/step.ts'
import type { Leases } from '../ports/leases.ts'
import type { Charge } from './guess-budgets.ts'
import type { KnownSources } from './known-sources.ts'

/** `known-network`: elsewhere, in a network in which it was used rightly before; taken only when the budgets of strangers are spent. */
export type Standing = 'own-line' | 'known-source' | 'known-network' | 'elsewhere'

/** The client, and the account it names. */
export type Caller = {
  /** What the secret is of, folded: `login ann@isp.example`, `portal 10017`. It need not exist. */
  readonly account: string
  /** The customer it would belong to. */
  readonly subscriber: string | undefined
  readonly client: Client
}

/** `household`: at the own line, the lease whose addresses are all of one household. */
export type Place = { readonly standing: Standing; readonly household?: string }

/** Of its prefixes an access network gives a household one address, or this much of IPv6 (a /56, or a /64 of it). */
const HOUSEHOLD_IPV6 = 56

export async function placeOf(
  { leases, known }: { readonly leases: Pick<Leases, 'holder'>; readonly known: KnownSources },
  { account, subscriber, client }: Caller,
): Promise<Place> {
  if (await known.knows(account, networksOf(client).source)) return { standing: 'known-source' }
  if (subscriber === undefined) return { standing: 'elsewhere' }
  const { realm, address, port } = client
  const holder = leases.holder(realm, address, port)
  if (holder.sure !== 'certain' || holder.subscriber !== subscriber)
    return { standing: 'elsewhere' }
  const { lease } = holder
  return lease && isHousehold(lease)
    ? { standing: 'own-line', household: `${realm} ${lease.prefix}` }
    : { standing: 'own-line' }
}

function isHousehold({ prefix }: Lease): boolean {
  const parsed = parsePrefix(prefix)
  return parsed !== undefined && parsed.bits >= (parsed.family === 4 ? 32 : HOUSEHOLD_IPV6)
}

export function chargesOf(
  { account, subscriber, client }: Caller,
  { standing, household }: Place,
): readonly Charge[] {
  const { source, network } = networksOf(client)
  const own = household ?? source
  switch (standing) {
    case 'own-line':
      return [
        { budget: 'own-line', key: hashOf(`${account} ${own}`) },
        { budget: 'own-line-source', key: hashOf(`${subscriber} ${own}`) },
        { budget: 'own-line-login', key: hashOf(account) },
      ]
    case 'known-source':
      return [{ budget: 'known-source', key: hashOf(`${account} ${source}`) }]
    case 'known-network':
      return [
        { budget: 'known-network-source', key: hashOf(`${account} ${source}`) },
        { budget: 'known-network', key: hashOf(`${account} ${network}`) },
      ]
    case 'elsewhere':
      return [
        { budget: 'login-network', key: hashOf(`${account} ${network}`) },
        { budget: 'source', key: source },
        { budget: 'network', key: network },
        { budget: 'login', key: hashOf(account) },
      ]
    default:
      return standing satisfies never
  }
}

/** A name may be as long as a form is; what is kept of it is not. And it may be a password, typed into the wrong field. */
export const hashOf = (key: string) =>
  createHash('sha256').update(key).digest('base64').slice(0, 22)

/** Inside addresses of two realms are not the same. */
export const networksOf = ({ realm, address }: Client) => ({
  source: `${realm} ${sourceOf(address)}`,
  network: `${realm} ${maskIp(address)}`,
  surroundings: `${realm} ${maskIp(address, 16, 32)}`,
})
