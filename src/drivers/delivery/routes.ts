// Where a recipient's mail goes next: a mailbox here, a route the operator wrote down, the smart host, or the
// mail exchangers of its domain (RFC 5321 §5.1).

import { domainOf } from '../../model/mail-address.ts'
import { mailboxOf, type Recipients } from '../../ports/recipients.ts'
import type { Resolver } from '../../ports/resolver.ts'

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
}
export type Route =
  /** `destination` names what shares a limit on connections. */
  | { readonly kind: 'hops'; readonly destination: string; readonly hops: readonly Hop[] }
  /** A Maildir of ours, or the mailbox store that `hop` leads to. */
  | {
      readonly kind: 'mailbox'
      readonly destination: string
      readonly name: string
      readonly hop?: Hop
    }
  | {
      readonly kind: 'nowhere'
      readonly permanent: boolean
      readonly status: string
      readonly why: string
      /** The missing mailbox would be one of ours. */
      readonly ours?: true
    }

export type RouteSettings = {
  readonly ourName: string
  /** Domain -> where its mail is handed to; `*` for every other domain. */
  readonly routes: Readonly<Record<string, Hop>>
  /** The server that keeps our mailboxes, over LMTP; without it they are Maildirs here. */
  readonly mailboxStore?: Hop
  /** Port 25, but for tests. */
  readonly exchangerPort?: number
}

/** At most so many exchangers of a domain are tried in one go. */
const MAX_HOPS = 5

export async function routeOf(
  address: string,
  parts: {
    readonly recipients: Recipients
    readonly resolver: Pick<Resolver, 'mx' | 'addresses'>
    readonly settings: RouteSettings
  },
): Promise<Route> {
  const domain = domainOf(address)
  // The postmaster of a server that keeps no domain of its own; not where the operator wrote a route for it.
  const { routes } = parts.settings
  const own = Object.hasOwn(routes, domain) ? routes[domain] : undefined
  const isHere = parts.recipients.isOurs(address) && own === undefined
  if (parts.recipients.isLocal(domain) || isHere) {
    const { mailboxStore: hop } = parts.settings
    const known = mailboxOf(await parts.recipients.find(address))
    // A mail server beside us, as opposed to a store, knows mailboxes that our list does not have, and answers for them.
    const name = known ?? (hop?.protocol === 'smtp' ? address : undefined)
    if (name !== undefined) {
      return hop
        ? { kind: 'mailbox', destination: 'mailboxes', name, hop }
        : { kind: 'mailbox', destination: `mailbox ${name}`, name }
    }
    return {
      kind: 'nowhere',
      permanent: true,
      status: '5.1.1',
      why: 'there is no such mailbox here',
      ours: true,
    }
  }
  const written = own ?? routes['*']
  if (written)
    return { kind: 'hops', destination: `${written.host}:${written.port}`, hops: [written] }
  return literal(domain, parts.settings) ?? exchangers(domain, parts.resolver, parts.settings)
}

/** `user@[192.0.2.1]` (RFC 5321 §4.1.3): there is nothing to look up. */
function literal(domain: string, settings: RouteSettings): Route | undefined {
  const host = /^\[(?:ipv6:)?([0-9a-f:.]+)\]$/.exec(domain)?.[1]
  if (host === undefined) return undefined
  return { kind: 'hops', destination: domain, hops: [exchanger(host, settings)] }
}

const exchanger = (host: string, settings: RouteSettings, serverName?: string): Hop => ({
  host,
  port: settings.exchangerPort ?? 25,
  protocol: 'smtp',
  tls: 'opportunistic',
  ...(serverName === undefined ? {} : { serverName }),
})

async function exchangers(
  domain: string,
  resolver: Pick<Resolver, 'mx' | 'addresses'>,
  settings: RouteSettings,
): Promise<Route> {
  const mx = await resolver.mx(domain)
  if ('failed' in mx && mx.failed === 'bad-name')
    return {
      kind: 'nowhere',
      permanent: true,
      status: '5.1.2',
      why: `${domain} is not a domain name`,
    }
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
  const names = mx.value.length > 0 ? betterThanUs(shuffled(mx.value), settings.ourName) : [domain]
  if (names.length === 0) {
    return {
      kind: 'nowhere',
      permanent: true,
      status: '5.4.6',
      why: `the mail servers of ${domain} are we ourselves, and we have no such mailbox`,
    }
  }
  const hops: Hop[] = []
  let unsure = false
  for (const name of names.slice(0, MAX_HOPS)) {
    const addresses = await resolver.addresses(name)
    // An exchanger whose name is not legal will never be reached.
    if ('failed' in addresses) unsure ||= addresses.failed !== 'bad-name'
    else for (const host of addresses.value) hops.push(exchanger(host, settings, name))
  }
  if (hops.length > 0) return { kind: 'hops', destination: domain, hops: hops.slice(0, MAX_HOPS) }
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

type Exchanger = { readonly host: string; readonly preference: number }

/** RFC 5321 §5.1: of equal preference, any first, so that the load is spread. */
function shuffled(exchangers: readonly Exchanger[]): readonly Exchanger[] {
  return exchangers
    .map(one => ({ one, order: Math.random() }))
    .sort((a, b) => a.one.preference - b.one.preference || a.order - b.order)
    .map(({ one }) => one)
}

/** RFC 5321 §5.1: when we are one of them, only those before us may be asked, or mail would go in circles. */
function betterThanUs(exchangers: readonly Exchanger[], ourName: string): string[] {
  const us = exchangers.find(one => one.host.toLowerCase() === ourName.toLowerCase())
  return exchangers
    .filter(one => us === undefined || one.preference < us.preference)
    .map(one => one.host)
}
