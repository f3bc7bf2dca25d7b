// What a mail program has to know to work with a domain of ours. Pure, and the same whether an address exists or not: only the domain is looked at.

import { parseMailAddress } from '../../model/mail-address.ts'

export type MailServer = {
  readonly protocol: 'imap' | 'pop3' | 'smtp'
  readonly host: string
  readonly port: number
  /** `starttls`: the program must insist on it. */
  readonly tls: 'implicit' | 'starttls'
}

export type ProviderServers = {
  /** `domains`, those of our mailboxes. */
  readonly domains: readonly string[]
  /** `provider`. */
  readonly provider: string
  /** `clientSetup.web`: the host that answers mail programs over HTTPS. */
  readonly web: string
  /** Best first. */
  readonly reading: readonly MailServer[]
  /** Best first: TLS from the first byte (RFC 8314 §3.3). */
  readonly sending: readonly MailServer[]
  /** `clientSetup.help`: a page of the operator's. */
  readonly help?: string | undefined
}

export type ClientSetup = Omit<ProviderServers, 'domains'> & {
  readonly domain: string
  /** The address, which is the login as well; undefined where none is said. */
  readonly address?: string
}

/** Characters: no mailbox of ours has a longer one (RFC 5321 §4.5.3.1.3). */
const MAX_ADDRESS = 254

/** An address in its one spelling; undefined where it is none. */
export function askedAddress(text: string) {
  const parsed = text.length > MAX_ADDRESS ? undefined : parseMailAddress(text.trim())
  return parsed && { address: `${parsed.local}@${parsed.domain}`, domain: parsed.domain }
}

/** Undefined where the domain is none of ours. */
export function clientSetup(
  { domains, ...settings }: ProviderServers,
  domain: string,
  address?: string,
): ClientSetup | undefined {
  if (!domains.includes(domain)) return undefined
  return { ...settings, domain, ...(address === undefined ? {} : { address }) }
}

/** The domain of ours that a host is in, such as `autoconfig.isp.example`; of several the longest. */
export function domainOfHost(domains: readonly string[], host: string): string | undefined {
  const name = host.toLowerCase().replace(/:\d{1,5}$/, '')
  return domains
    .filter(domain => name === domain || name.endsWith(`.${domain}`))
    .toSorted((a, b) => b.length - a.length)[0]
}

export const implicitOnly = (servers: readonly MailServer[]): readonly MailServer[] =>
  servers.filter(({ tls }) => tls === 'implicit')
