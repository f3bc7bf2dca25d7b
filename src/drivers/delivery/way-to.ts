// How safe the way to a mail exchanger must be, from what is known of it: DANE before MTA-STS (RFC 8461 §2), and else TLS if the server can. Pure.

import { matchesSts, type StsPolicy, stsLines } from '../../mail/mta-sts-policy.ts'
import type { TlsPolicy } from '../../model/tls-session.ts'
import { type Tlsa, usableTlsa } from '../../wire/dane.ts'
import type { Hop } from './hop.ts'

export type WayTo = Pick<Hop, 'tls' | 'serverName' | 'dane' | 'asked' | 'reported'>

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
export type UnusedServer = {
  readonly unused: string
  readonly status: '4.4.3' | '4.7.5'
  /** Of the domain that forbids it. */
  readonly policy?: TlsPolicy
}

export function wayTo(server: ServerFacts): WayTo | UnusedServer {
  const { name, domain, alias, tlsa, sts } = server
  const usable = usableTlsa(tlsa?.records ?? [])
  const policy = policyOf(server)
  const reported = { policy, mx: name }
  if (tlsa && usable.length > 0)
    return {
      tls: 'required',
      serverName: tlsa.base,
      dane: { records: usable, names: [tlsa.base, domain, alias] },
      asked: `DANE (TLSA of ${tlsa.base})`,
      reported,
    }
  if (sts?.mode === 'enforce')
    return matchesSts(sts.mx, name)
      ? { tls: 'verified', serverName: name, asked: `MTA-STS of ${domain}`, reported }
      : {
          unused: `MTA-STS of ${domain} does not name its mail server ${name}`,
          status: '4.7.5',
          policy,
        }
  // RFC 7672 §2.2: of records that cannot be used it is known only that the server has TLS.
  if (tlsa)
    return {
      tls: 'required',
      serverName: tlsa.base,
      asked: `TLSA records of ${tlsa.base} of a kind that is not used`,
      reported,
    }
  const isUnnamed = sts?.mode === 'testing' && !matchesSts(sts.mx, name)
  return {
    tls: 'opportunistic',
    serverName: name,
    reported: { ...reported, ...(isUnnamed ? { unnamed: true as const } : {}) },
  }
}

/** The one that is followed. */
function policyOf({ domain, tlsa, sts }: ServerFacts): TlsPolicy {
  const isFollowed = usableTlsa(tlsa?.records ?? []).length > 0 || sts?.mode !== 'enforce'
  if (tlsa && isFollowed)
    return {
      kind: 'tlsa',
      domain,
      lines: tlsa.records.map(one => `${one.usage} ${one.selector} ${one.matching} ${one.data}`),
      mx: [],
    }
  if (!sts || sts.mode === 'none') return { kind: 'no-policy-found', domain, lines: [], mx: [] }
  return {
    kind: 'sts',
    domain,
    lines: stsLines(sts),
    mx: sts.mx,
    ...(sts.mode === 'testing' ? { tests: true as const } : {}),
  }
}
