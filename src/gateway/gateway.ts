// What the gateways in front of servers of mailboxes have in common: where they listen, what they are told of the configuration, and what
// all their connections share.

import { type OpenListener, openListener, type Conversation } from '../wire/open-listener.ts'
import type { ListenAt } from '../wire/open-listener.ts'
import type { Engine } from '../ports/engine.ts'
import type { Client } from '../model/step.ts'
import type { DoorParts } from '../wire/door.ts'
import type { Socket } from 'node:net'
import type { TokenMechanism } from '../mail/sasl/bearer.ts'
import { type LoginPlaces, loginPlaces } from './login-places.ts'
import { type Repeats, repeats } from './repeats.ts'
import type { Submitted } from './submitted.ts'

export type GatewaySettings = {
  readonly ourName: string
  /** Of a login that is said without one. */
  readonly domain: string
  /** Bytes of one message: `maxMessageSize`, 50,000,000 by default, 1 to 2,000,000,000. */
  readonly maxSize: number
  /** `maxRecipients`, 200 by default, 1 to 100,000. */
  readonly maxRecipients: number
}

export type GatewayListener = ListenAt & {
  /** URL of the server behind. */
  readonly backEnd: string
  /** A PROXY header for it; false by default. */
  readonly proxyHeader: boolean
  /** Logins by a token that it takes; none by default. */
  readonly tokens: readonly TokenMechanism[]
}

/** Of all listeners of one engine: a message is repeated on any of them. */
export type Shared = { readonly repeats: Repeats<Submitted>; readonly places: LoginPlaces }

export type GatewayParts = {
  readonly client: Client
  readonly parts: DoorParts<GatewaySettings>
  readonly shared: Shared
}

/** More of the client's bytes than this wait in the kernel, and more of ours make the back end wait. */
const HIGH_WATER = 64 * 1024

const ofEngine = new WeakMap<Engine, Shared>()

function sharedBy({ engine }: DoorParts<GatewaySettings>): Shared {
  const found = ofEngine.get(engine) ?? {
    repeats: repeats<Submitted>({ now: () => performance.now(), isTaken: ({ taken }) => taken }),
    places: loginPlaces(),
  }
  ofEngine.set(engine, found)
  return found
}

/** Starts to listen; resolves when it does. `noRoom`: the line for a client that finds none. */
export function openGateway(
  listener: ListenAt,
  parts: DoorParts<GatewaySettings>,
  {
    noRoom,
    begin,
  }: {
    readonly noRoom: string
    readonly begin: (socket: Socket, given: GatewayParts) => Conversation
  },
): Promise<OpenListener> {
  const shared = sharedBy(parts)
  return openListener(listener, {
    kind: 'submission',
    caps: parts.caps,
    highWaterMark: HIGH_WATER,
    noRoom: () => noRoom,
    trouble: parts.trouble,
    begin: (socket, client) => begin(socket, { client, parts, shared }),
  })
}

type ListenerConfig = Pick<ListenAt, 'address' | 'port' | 'trustedProxies' | 'realm'> & {
  readonly tls: 'starttls' | 'implicit'
}

export const gatewayListeners = (
  listeners: readonly ListenerConfig[],
  sockets: readonly number[] | undefined,
): ListenAt[] =>
  listeners.map(({ tls, ...listener }, i) => {
    const fd = sockets?.[i]
    const complete = { ...listener, implicitTls: tls === 'implicit' }
    return fd === undefined ? complete : { ...complete, fd }
  })

export const gatewaySettings = (config: {
  readonly hostname: string
  readonly domains: readonly string[]
  readonly maxMessageSize: number
  readonly maxRecipients: number
}): GatewaySettings => ({
  ourName: config.hostname,
  domain: config.domains[0] ?? config.hostname,
  maxSize: config.maxMessageSize,
  maxRecipients: config.maxRecipients,
})

/** What they read of it. */
export const GATEWAY_READS = {
  hostname: 'restart',
  domains: 'restart',
  maxMessageSize: 'live',
  maxRecipients: 'live',
} as const
