// How safe the way to a mail exchanger must be, from what is known of it: DANE before MTA-STS (RFC 8461 §2), and else TLS if the server can. Pure.

import { matchesSts, type StsPolicy } from '../../mail/mta-sts-policy.ts'
import { type Tlsa, usableTlsa } from '../../wire/dane.ts'
import type { Hop } from './hop.ts'

export type WayTo = Pick<Hop, 'tls' | 'serverName' | 'dane' | 'asked'>

export type ServerFacts = {
  /** As the MX record has it, and whose it is; `alias`: of the domain, where it is an alias. */
  readonly name: string
  readonly domain: string
  readonly alias: string
  /** Signed TLSA records, and the name that they are of; undefined: none. */
  readonly tlsa: { readonly base: string; readonly records: readonly Tlsa[] } | undefined
  /** Of the domain; undefined: none. */
  readonly sts: StsPolicy | undefined
}

/** A server to which no mail goes just now: why, and the status (RFC 3463). */
export type UnusedServer = { readonly unused: string; readonly status: '4.4.3' | '4.7.5' }

export function wayTo(server: ServerFacts): WayTo | UnusedServer {
  const { name, domain, alias, tlsa, sts } = server
  const usable = usableTlsa(tlsa?.records ?? [])
  if (tlsa && usable.length > 0)
    return {
      tls: 'required',
      serverName: tlsa.base,
      dane: { records: usable, names: [tlsa.base, domain, alias] },
      asked: `DANE (TLSA of ${tlsa.base})`,
    }
  if (sts?.mode === 'enforce')
    return matchesSts(sts.mx, name)
      ? { tls: 'verified', serverName: name, asked: `MTA-STS of ${domain}` }
      : {
          unused: `MTA-STS of ${domain} does not name its mail server ${name}`,
          status: '4.7.5',
        }
  // RFC 7672 §2.2: of records that cannot be used it is known only that the server has TLS.
  if (tlsa)
    return {
      tls: 'required',
      serverName: tlsa.base,
      asked: `TLSA records of ${tlsa.base} of a kind that is not used`,
    }
  return { tls: 'opportunistic', serverName: name }
}
