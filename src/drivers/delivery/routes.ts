// Where a recipient's mail goes next: a mailbox here, a route the operator wrote down, the smart host, or the
// mail exchangers of its domain (RFC 5321 §5.1).

import { domainOf } from '../../model/mail-address.ts'
import { mailboxOf, type Recipients } from '../../ports/recipients.ts'
import type { TlsPolicy, TlsSession } from '../../model/tls-session.ts'
import type { Hop } from './hop.ts'
import type { UnusedServer, WayTo } from './way-to.ts'
import type { MailServers } from './mail-servers.ts'

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
      /** Servers that a policy forbids, for what goes there all the same. */
      readonly hops?: readonly Hop[]
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
  /** Of each connection to a mail exchanger, and of each that is not made because a policy forbids it. */
  readonly tell?: (session: TlsSession) => void
}

export const EXCHANGER_PORT = 25
/** At most so many exchangers of a domain are tried in one go. */
const MAX_HOPS = 5

export async function routeOf(
  address: string,
  parts: {
    readonly recipients: Recipients
    readonly servers: MailServers
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
  return literal(domain, parts.settings) ?? exchangers(domain, parts.servers, parts.settings)
}

/** `user@[192.0.2.1]` (RFC 5321 §4.1.3): there is nothing to look up. */
function literal(domain: string, settings: RouteSettings): Route | undefined {
  const host = /^\[(?:ipv6:)?([0-9a-f:.]+)\]$/.exec(domain)?.[1]
  if (host === undefined) return undefined
  return { kind: 'hops', destination: domain, hops: [exchanger(host, settings)] }
}

const exchanger = (host: string, settings: RouteSettings, way?: WayTo): Hop => ({
  host,
  port: settings.exchangerPort ?? EXCHANGER_PORT,
  protocol: 'smtp',
  tls: 'opportunistic',
  ...way,
})

async function exchangers(
  domain: string,
  servers: MailServers,
  settings: RouteSettings,
): Promise<Route> {
  const found = await servers.of(domain)
  if ('failed' in found && found.failed === 'bad-name')
    return nowhere('5.1.2', `${domain} is not a domain name`)
  if ('failed' in found) return nowhere('4.4.3', `the DNS does not answer for ${domain}`)
  const { mx } = found.value
  // RFC 7505: a single "." means that the domain takes no mail.
  if (mx.length === 1 && (mx[0]?.host === '' || mx[0]?.host === '.'))
    return nowhere('5.1.10', `${domain} takes no mail`)
  const names = mx.length > 0 ? betterThanUs(shuffled(mx), settings.ourName) : [domain]
  if (names.length === 0)
    return nowhere(
      '5.4.6',
      `the mail servers of ${domain} are we ourselves, and we have no such mailbox`,
    )
  const hops: Hop[] = []
  const unused: UnusedServer[] = []
  const forbidden: Hop[] = []
  for (const name of names.slice(0, MAX_HOPS)) {
    const server = await found.value.server(name)
    if ('unused' in server) {
      unused.push(server)
      forbidden.push(...server.addresses.map(host => exchanger(host, settings)))
      if (server.policy) settings.tell?.(refusedBy(server.policy, name))
    } else for (const host of server.addresses) hops.push(exchanger(host, settings, server.way))
  }
  if (hops.length > 0) return { kind: 'hops', destination: domain, hops: hops.slice(0, MAX_HOPS) }
  const [first] = unused
  return first
    ? { ...nowhere(first.status, first.unused), hops: forbidden.slice(0, MAX_HOPS) }
    : nowhere('5.1.2', `there is no mail server for ${domain}`)
}

const refusedBy = (policy: TlsPolicy, mx: string): TlsSession => ({
  policy,
  failure: { type: 'validation-failure', mx },
})

const nowhere = (status: string, why: string): Extract<Route, { kind: 'nowhere' }> => ({
  kind: 'nowhere',
  permanent: status.startsWith('5'),
  status,
  why,
})

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
