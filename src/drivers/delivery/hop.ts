// Another server that a message is handed to next: where it is, and what it must show before it gets any mail.

import type { TlsPolicy } from '../../model/tls-session.ts'
import type { Tlsa } from '../../wire/dane.ts'

export type Hop = {
  readonly host: string
  /** TCP; 25 of a mail exchanger. */
  readonly port: number
  readonly protocol: 'smtp' | 'lmtp'
  /** A local socket instead of host and port. */
  readonly socket?: string
  readonly login?: { user: string; password: string }
  /** With TLS if the server can; with TLS and any certificate; with TLS and a certificate that is verified. */
  readonly tls: 'opportunistic' | 'required' | 'verified'
  /** The name the certificate must have, where `host` is an address. */
  readonly serverName?: string
  /** PEM certificates that are believed instead of the usual ones. */
  readonly ca?: string
  /** What the certificate must match, signed in the DNS (RFC 7672); `tls` is then `required`. */
  readonly dane?: DaneTerms
  /** What asks for more than opportunistic TLS, where no operator does: words for the queue. */
  readonly asked?: string
  /** Of a mail exchanger: what its domain is told of TLS there, where it wants reports (RFC 8460). */
  readonly reported?: ReportedHop
}

export type ReportedHop = {
  readonly policy: TlsPolicy
  /** As the MX record has it. */
  readonly mx: string
  /** The policy, which is only tried, does not name it. */
  readonly unnamed?: true
}

export type DaneTerms = {
  /** Usable ones. */
  readonly records: readonly Tlsa[]
  /** One of which the certificate must have, where the records name an authority. */
  readonly names: readonly string[]
}
