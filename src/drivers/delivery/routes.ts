// Where a recipient's mail goes next: a mailbox here, a route the operator wrote down, the smart host, or the
// mail exchangers of its domain (RFC 5321 §5.1).

import { domainOf } from '../../model/mail-address.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { Resolver } from '../../ports/resolver.ts'

export type Hop = {
  readonly host: string
  readonly port: number
  readonly login?: { user: string; password: string }
}
export type Route =
  | { readonly kind: 'mailbox'; readonly name: string }
  | { readonly kind: 'hops'; readonly hops: readonly Hop[] }
  | {
      readonly kind: 'nowhere'
      readonly permanent: boolean
      readonly status: string
      readonly why: string
    }

export type RouteSettings = {
  /** Domain -> host and port; `*` for every other domain. */
  readonly routes: Readonly<Record<string, Hop>>
}

/** At most so many exchangers of a domain are tried in one go. */
const MAX_HOPS = 5

export async function routeOf(
  address: string,
  parts: {
    readonly recipients: Recipients
    readonly resolver: Resolver
    readonly settings: RouteSettings
  },
): Promise<Route> {
  const domain = domainOf(address)
  if (parts.recipients.isLocal(domain)) {
    const mailbox = await parts.recipients.find(address)
    if (mailbox?.kind === 'mailbox') return { kind: 'mailbox', name: mailbox.name }
    return {
      kind: 'nowhere',
      permanent: true,
      status: '5.1.1',
      why: 'there is no such mailbox here',
    }
  }
  const written = parts.settings.routes[domain] ?? parts.settings.routes['*']
  if (written) return { kind: 'hops', hops: [written] }
  return exchangers(domain, parts.resolver)
}

async function exchangers(domain: string, resolver: Resolver): Promise<Route> {
  const mx = await resolver.mx(domain)
  if ('failed' in mx)
    return {
      kind: 'nowhere',
      permanent: false,
      status: '4.4.3',
      why: `the DNS does not answer for ${domain}`,
    }
  // RFC 7505: a single "." means that the domain takes no mail.
  if (mx.value.length === 1 && (mx.value[0]?.host === '' || mx.value[0]?.host === '.')) {
    return { kind: 'nowhere', permanent: true, status: '5.1.10', why: `${domain} takes no mail` }
  }
  const names = mx.value.length > 0 ? mx.value.map(one => one.host) : [domain]
  const hops: Hop[] = []
  let unsure = false
  for (const name of names.slice(0, MAX_HOPS)) {
    const addresses = await resolver.addresses(name)
    if ('failed' in addresses) unsure = true
    else for (const host of addresses.value) hops.push({ host, port: 25 })
  }
  if (hops.length > 0) return { kind: 'hops', hops: hops.slice(0, MAX_HOPS) }
  if (unsure)
    return {
      kind: 'nowhere',
      permanent: false,
      status: '4.4.3',
      why: `the DNS does not answer for ${domain}`,
    }
  return {
    kind: 'nowhere',
    permanent: true,
    status: '5.1.2',
    why: `there is no mail server for ${domain}`,
  }
}
