// Sockets for the SMTP door: accepts connections, feeds bytes to the codec and tokens to the session, carries its
// questions to the engine, and holds back a client that sends faster than the disk takes. No judgement here.

import { createServer, type Server, type Socket } from 'node:net'
import { canonicalIp } from '../../model/ip.ts'
import type { Client, ListenerKind } from '../../model/step.ts'
import { UNTAKEN } from '../../wire/read-on.ts'
import { readProxyHeader } from '../../wire/read-proxy.ts'
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

export type SmtpDoor = { readonly port: number; close(graceMs: number): Promise<void> }

/** Starts to listen; resolves when it does. Port 0 takes any free one. */
export async function openSmtpDoor(listener: SmtpListener, parts: SmtpParts): Promise<SmtpDoor> {
  const connections = new Set<Connection>()
  const setupFor = (client: Client, socket: Socket): Setup => ({
    ...parts.settings(),
    ...ownLiteral(socket),
    listener: listener.kind,
    greetPause: greetsLate(listener, client) ? parts.settings().greetPause : 0,
    tlsAvailable: parts.identity !== undefined,
    bareNewlines: listener.bareNewlines,
    mayXclient: listener.trustedXclient.includes(client.address),
  })
  // A client that has closed its side still gets its answers.
  const how = {
    pauseOnConnect: true,
    noDelay: true,
    highWaterMark: UNTAKEN,
    allowHalfOpen: true,
  }
  const server = createServer(how, socket => {
    socket.on('error', () => socket.destroy())
    parts.turns.greeted()
    void welcome(socket).catch(error => {
      parts.trouble(error, 'accepting a connection')
      socket.destroy()
    })
  })

  async function welcome(socket: Socket): Promise<void> {
    const client = await clientOf(socket, listener)
    if (!client) return void socket.destroy()
    const entered = parts.caps.enter(client, listener.kind)
    const leave = entered instanceof Promise ? await entered : entered
    if (!leave) return sendAway(socket, listener, parts.settings().ourName)
    if (socket.destroyed) return leave()
    const connection = new Connection(socket, {
      client,
      setup: setupFor(client, socket),
      parts,
      implicitTls: listener.implicitTls,
    })
    connections.add(connection)
    connection.onClose(() => {
      connections.delete(connection)
      leave()
    })
    connection.start()
  }

  await listen(server, listener)
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : listener.port,
    close: async graceMs => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const connection of connections) connection.shutdown()
      const late = setTimeout(() => {
        for (const connection of connections) connection.destroy()
      }, graceMs)
      await closed
      clearTimeout(late)
    },
  }
}

/** Our address literal, as a client writes it that knows only our address (RFC 5321 §4.1.3). */
function ownLiteral({ localAddress = '' }: Socket): Pick<Setup, 'ownLiteral'> {
  const address = canonicalIp(localAddress)
  if (address === undefined) return {}
  return { ownLiteral: address.includes(':') ? `[ipv6:${address}]` : `[${address}]` }
}

/** The client: the socket's other end, or the address that a trusted relay names. Undefined when that cannot be known. */
async function clientOf(socket: Socket, listener: SmtpListener): Promise<Client | undefined> {
  const address = canonicalIp(socket.remoteAddress ?? '')
  if (address === undefined) return undefined
  if (!listener.trustedProxies.includes(address)) {
    return { realm: listener.realm, address, port: socket.remotePort ?? 0 }
  }
  const header = await readProxyHeader(socket)
  if (header.kind === 'bad' || !header.source) return undefined
  return {
    realm: listener.realm,
    ...header.source,
    ...(header.destination && listener.kind === 'redirected' ? { wanted: header.destination } : {}),
  }
}

function listen(server: Server, listener: SmtpListener): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const { address: host, port, fd, shared: reusePort = false } = listener
    server.listen(fd === undefined ? { host, port, reusePort, backlog: 511 } : { fd }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Closes the socket as soon as the reply is sent: a client that has no place must not keep a socket. */
function sendAway(socket: Socket, { implicitTls }: SmtpListener, ourName: string): void {
  const words = `421 4.7.0 ${ourName} Too many connections; please try again later\r\n`
  socket.write(implicitTls ? NO_TLS_NOW : words)
  socket.destroySoon()
}

/** A fatal TLS alert, internal_error (RFC 8446 §6): the one that lays no blame on the client. It may come before any handshake. */
const NO_TLS_NOW = Buffer.from([0x15, 3, 3, 0, 2, 2, 80])

/** Only a client straight from outside waits for the greeting; relays of our own do not. */
const greetsLate = ({ kind, implicitTls, trustedXclient }: SmtpListener, { address }: Client) =>
  kind === 'inbound' && !implicitTls && !trustedXclient.includes(address)
