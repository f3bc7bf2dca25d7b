// What was seen of a host from outside, as plain JSON: all that the checks read. What got no answer is said to be so, and never left out.

import type { WebPage } from '../../drivers/lookups/web-page.ts'
import type { Tlsa } from '../../wire/dane.ts'

/** `unknown`: why there is no answer. */
export type AuditAnswer<T> = { readonly value: T } | { readonly unknown: string }
/** `broken`: there was an answer, and it is no good. */
export type Tried<T> = AuditAnswer<T> | { readonly broken: string }

export const AUDIT_PORTS = [25, 465, 587] as const
export type AuditPort = (typeof AUDIT_PORTS)[number]

export type SeenCertificate = {
  /** Of all that the server sent, its own first: DER in base64. */
  readonly chain: readonly string[]
  readonly names: string
  /** Whether it is that of the name that was asked for. */
  readonly isNamed: boolean
  readonly from: number
  readonly until: number
  /** Why no program trusts it, whatever its name: undefined where one does. */
  readonly distrusted?: string
}

export type SeenTls = { readonly protocol: string; readonly certificate: SeenCertificate }

/** `refused`: STARTTLS is listed and not taken. `stripped`: it is not listed, and taken all the same. */
export type Starttls = 'listed' | 'absent' | 'refused' | 'stripped'

export type RelayAnswer =
  | { readonly kind: 'closed' }
  /** What was taken. */
  | { readonly kind: 'open'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

export type OpenPort = {
  readonly kind: 'open'
  readonly address: string
  readonly greeting: string
  /** Lines of its answer to EHLO before TLS, in capitals; on 465 there is none. */
  readonly clear?: AuditAnswer<readonly string[]>
  readonly starttls?: Starttls
  /** Not there where the server does not offer it. */
  readonly tls?: Tried<SeenTls>
  /** Its lines after the handshake. */
  readonly inTls?: AuditAnswer<readonly string[]>
  /** What it takes of TLS 1.1 and older; not asked on 25, where old TLS is better than none. */
  readonly old?: AuditAnswer<string | undefined>
  /** Not there where it was not asked. */
  readonly relay?: RelayAnswer
}

export type SeenPort =
  | OpenPort
  /** Refused: no program listens there. */
  | { readonly kind: 'closed' }
  /** It greets with a refusal. */
  | { readonly kind: 'refuses'; readonly address: string; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

export type ReverseName = {
  readonly address: string
  readonly names: readonly string[]
  /** Those that lead back to the address. */
  readonly confirmed: readonly string[]
}

export type SeenSpf = {
  /** All texts that are SPF. */
  readonly records: readonly string[]
  /** IPv4 addresses that may send. */
  readonly breadth: number
  /** What a receiver would say of mail from each address of the host. */
  readonly results: readonly { readonly address: string; readonly result: string }[]
}

export type SeenDkim = {
  /** Those that have a record. */
  readonly keys: readonly { readonly selector: string; readonly record: string }[]
  /** Those that the operator named and that have none. */
  readonly missing: readonly string[]
  /** Whether the DNS says that there is some name below `_domainkey`. */
  readonly hasAny: AuditAnswer<boolean>
}

/** `from`: the domain whose record it is, which may be the organisational one. */
export type SeenDmarc = { readonly records: readonly string[]; readonly from: string }

export type SeenTlsa = {
  readonly records: readonly Tlsa[]
  /** Whether a validating resolver on this machine says that they are signed. */
  readonly secure: boolean
}

export type SeenSts = {
  /** All texts that are of MTA-STS. */
  readonly records: readonly string[]
  /** Only asked for where there is a record. */
  readonly policy?: Tried<WebPage>
}

export type SeenService = { readonly service: string; readonly host: string; readonly port: number }

export type SeenSetup = {
  /** Targets of SRV records; none where they say that it is not offered. */
  readonly services: readonly SeenService[]
  /** What Mozilla's autoconfig says of sending; undefined where the name is not there. */
  readonly autoconfig: Tried<
    readonly { readonly host: string; readonly port: number }[] | undefined
  >
}

/** What is another one there; all else is as in the record. */
export type Elsewhere = Pick<AuditRecord, 'ports' | 'relayForbidden'> &
  Partial<Pick<AuditRecord, 'inbound' | 'tlsa'>> & {
    /** An address, or the name of an exchanger. */
    readonly place: string
  }

export type AuditRecord = {
  /** As it was asked for. */
  readonly host: string
  readonly domain: string
  /** Whether a domain was asked for, and its servers had to be found. */
  readonly isDomain: boolean
  /** Where customers hand over their mail; 465 and 587 are its. */
  readonly outgoing: string
  /** Where others hand over mail for the domain; 25 is its. */
  readonly inbound: string
  /** Mail exchangers of the domain. */
  readonly exchangers: AuditAnswer<readonly string[]>
  readonly at: number
  readonly ports: Readonly<Record<AuditPort, SeenPort>>
  /** Why the relay test was not made; undefined: it was. */
  readonly relayForbidden?: string | undefined
  /** The other addresses of the two servers, and the other exchangers: each may be another machine with other rules. */
  readonly elsewhere: readonly Elsewhere[]
  /** Addresses to which there is no way from here, as those of IPv6 on many networks. */
  readonly unreached: readonly string[]
  readonly reverse: AuditAnswer<readonly ReverseName[]>
  readonly spf: AuditAnswer<SeenSpf>
  readonly dkim: AuditAnswer<SeenDkim>
  readonly dmarc: AuditAnswer<SeenDmarc>
  readonly sts: AuditAnswer<SeenSts>
  /** `needs`: what it takes to ask. */
  readonly tlsa: AuditAnswer<SeenTlsa> | { readonly needs: string }
  readonly setup: AuditAnswer<SeenSetup>
}
