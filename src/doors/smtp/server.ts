// Where the SMTP door listens, and what each of its conversations begins with.

import type { Socket } from 'node:net'
import { canonicalIp } from '../../model/ip.ts'
import type { Client, ListenerKind } from '../../model/step.ts'
import { type OpenListener, openListener } from '../../wire/open-listener.ts'
import { UNTAKEN } from '../../wire/read-on.ts'
import { Connection } from './connection.ts'
import type { Setup } from './state.ts'
import type { SmtpParts } from './smtp-parts.ts'

export type SmtpListener = {
  readonly kind: ListenerKind
  readonly address: string
  readonly port: number
  /** A socket that listens already, instead of address and port. */
  readonly fd?: number
  /** Others listen there, too, and the kernel deals out the connections (SO_REUSEPORT). */
  readonly shared?: boolean
  /** TLS from the first byte (RFC 8314: port 465). */
  readonly implicitTls: boolean
  /** Addresses of relays whose PROXY header is believed, and demanded. */
  readonly trustedProxies: readonly string[]
  /** Servers in front of us that may say on whose behalf they speak. */
  readonly trustedXclient: readonly string[]
  readonly bareNewlines: 'reject' | 'normalize'
  readonly realm: string
}

export type SmtpDoor = OpenListener

/** Starts to listen; resolves when it does. Port 0 takes any free one. */
export function openSmtpDoor(listener: SmtpListener, parts: SmtpParts): Promise<SmtpDoor> {
  const setupFor = (client: Client, socket: Socket): Setup => ({
    ...parts.settings(),
    ...ownLiteral(socket),
    listener: listener.kind,
    greetPause: greetsLate(listener, client) ? parts.settings().greetPause : 0,
    tlsAvailable: parts.identity !== undefined,
    bareNewlines: listener.bareNewlines,
    mayXclient: listener.trustedXclient.includes(client.address),
  })
  const { kind, implicitTls } = listener
  return openListener(listener, {
    kind,
    caps: parts.caps,
    highWaterMark: UNTAKEN,
    allowHalfOpen: true,
    noRoom: () =>
      `421 4.7.0 ${parts.settings().ourName} Too many connections; please try again later`,
    arrived: () => parts.turns.greeted(),
    trouble: parts.trouble,
    begin: (socket, client) => {
      const setup = setupFor(client, socket)
      const connection = new Connection(socket, { client, setup, parts, implicitTls })
      connection.start()
      return connection
    },
  })
}

/** Our address literal, as a client writes it that knows only our address (RFC 5321 §4.1.3). */
function ownLiteral({ localAddress = '' }: Socket): Pick<Setup, 'ownLiteral'> {
  const address = canonicalIp(localAddress)
  if (address === undefined) return {}
  return { ownLiteral: address.includes(':') ? `[ipv6:${address}]` : `[${address}]` }
}

/** Only a client straight from outside waits for the greeting; relays of our own do not. */
const greetsLate = ({ kind, implicitTls, trustedXclient }: SmtpListener, { address }: Client) =>
  kind === 'inbound' && !implicitTls && !trustedXclient.includes(address)
