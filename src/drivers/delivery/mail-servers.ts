// The mail exchangers of a domain, and what each must show. With a resolver on this machine that validates, that one alone is asked, and what it cannot
// answer is never taken for "there is none": a server whose TLSA record has no answer gets no mail until it has.

import type { StsPolicy } from '../../mail/mta-sts-policy.ts'
import type { DnsAnswer, Failure, Resolver } from '../../ports/resolver.ts'
import type { FoundTlsa, MailExchanger, SignedMailDns } from '../lookups/signed-mail-dns.ts'
import { type ServerFacts, type UnusedServer, type WayTo, wayTo } from './way-to.ts'

export type MailServer =
  | { readonly addresses: readonly string[]; readonly way: WayTo }
  /** `addresses`: where it is, for what goes there all the same. */
  | (UnusedServer & { readonly addresses: readonly string[] })

export type MailServers = {
  of(domain: string): Promise<DnsAnswer<ExchangersOf>>
}

export type ExchangersOf = {
  /** In order of preference; empty: the domain itself is its server. */
  readonly mx: readonly MailExchanger[]
  server(name: string): Promise<MailServer>
}

export type MailServersParts = {
  readonly resolver: Pick<Resolver, 'mx' | 'addresses'>
  /** Undefined: no resolver is on this machine, or DANE is off. */
  readonly signed: () => SignedMailDns | undefined
  /** The policy that a domain has, as far as is known; never rejects. */
  readonly sts: (domain: string) => Promise<StsPolicy | undefined>
  /** TCP port of exchangers. */
  readonly port: number
}

export function mailServers(parts: MailServersParts): MailServers {
  /** Of a resolver that never did, and does not answer for the root, nothing but its other answers is wanted. */
  let hasValidated = false
  return {
    of: async domain => {
      const signed = parts.signed()
      const validates = signed ? await signed.validates() : { value: false }
      if ('failed' in validates && hasValidated) return validates
      hasValidated ||= 'value' in validates && validates.value
      return signed && 'value' in validates && validates.value
        ? signedServers(domain, signed, parts)
        : unsignedServers(domain, parts)
    },
  }
}

async function unsignedServers(
  domain: string,
  { resolver, sts }: MailServersParts,
): Promise<DnsAnswer<ExchangersOf>> {
  const mx = await resolver.mx(domain)
  if ('failed' in mx) return mx
  const policy = await sts(domain)
  const server = async (name: string): Promise<MailServer> => {
    const addresses = await resolver.addresses(name)
    if ('failed' in addresses) return unreached(name, addresses.failed)
    const facts = { name, domain, alias: domain, tlsa: undefined, sts: policy }
    return reached(addresses.value, facts)
  }
  return { value: { mx: mx.value, server } }
}

async function signedServers(
  domain: string,
  dns: SignedMailDns,
  { sts, port }: MailServersParts,
): Promise<DnsAnswer<ExchangersOf>> {
  const mx = await dns.mx(domain)
  if ('failed' in mx) return mx
  const { found, secure, owner: alias } = mx.value
  const policy = await sts(domain)
  const server = async (name: string): Promise<MailServer> => {
    const addresses = await dns.addresses(name)
    if ('failed' in addresses) return unreached(name, addresses.failed)
    // RFC 7672 §2.2.1: of a server that an unsigned MX names, nothing is known that a forger could not change.
    const tlsa = secure ? await tlsaOf(name, addresses.value, dns, port) : { value: undefined }
    if ('failed' in tlsa) return unanswered(`the TLSA record of ${name}`)
    const facts = { name, domain, alias, tlsa: tlsa.value, sts: policy }
    return reached(addresses.value.found, facts)
  }
  return { value: { mx: found, server } }
}

type Addresses = {
  readonly secure: boolean
  readonly owner: string
  readonly found: readonly string[]
}

/** RFC 7672 §2.2.2: below the name that a signed alias leads to, or below its own. */
async function tlsaOf(
  name: string,
  { secure, owner, found }: Addresses,
  dns: SignedMailDns,
  port: number,
): Promise<DnsAnswer<FoundTlsa | undefined>> {
  const own = name.toLowerCase()
  if (found.length === 0) return { value: undefined }
  if (secure) return dns.tlsa([owner, own], port)
  if (owner === own) return { value: undefined }
  const isSigned = await dns.isSignedAlias(own)
  if ('failed' in isSigned) return isSigned
  return isSigned.value ? dns.tlsa([own], port) : { value: undefined }
}

function reached(addresses: readonly string[], facts: ServerFacts): MailServer {
  const way = wayTo(facts)
  return 'unused' in way ? { ...way, addresses } : { addresses, way }
}

/** An exchanger whose name is not legal will never be reached: it is as if it had no address. */
const unreached = (name: string, failed: Failure): MailServer =>
  failed === 'bad-name' ? { addresses: [], way: { tls: 'opportunistic' } } : unanswered(name)

const unanswered = (what: string): MailServer => ({
  unused: `the DNS does not answer for ${what}`,
  status: '4.4.3',
  addresses: [],
})
