// With what hosts are looked at.

import type { Prefix } from '../../../model/ip.ts'
import type { AuditPort } from '../record.ts'

export type AuditSettings = {
  /** Said in EHLO. */
  readonly ourName: string
  /** DNS servers; the system's own when empty. */
  readonly resolvers: readonly string[]
  /** Of DKIM. */
  readonly selectors: readonly string[]
  /** The domain whose mail the hosts carry; that of each host without it. */
  readonly domain?: string
  /** Networks of the operator, in which a relay test needs no token. */
  readonly ownNetworks: readonly Prefix[]
  /** ms for each answer of a server; some let strangers wait for their greeting. */
  readonly patience: number
  /** ms for all of a host; 30 s without it. */
  readonly within?: number
  /** Elsewhere than usual, in tests. */
  readonly ports?: Readonly<Record<AuditPort | 'https', number>>
  /** Authorities that are believed beside the public ones. */
  readonly authorities?: readonly string[]
}

export const USUAL_PORTS = { 25: 25, 465: 465, 587: 587, https: 443 } as const
