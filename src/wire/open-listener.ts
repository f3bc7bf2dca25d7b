// A listening socket of a door, and the first lines of each connection: its client, also behind a proxy, whether there is room for it, and the
// door's last word where there is none. What is said on it afterwards is the door's.

import { createServer, type Server, type Socket } from 'node:net'
import { canonicalIp } from '../model/ip.ts'
import type { Client, ListenerKind } from '../model/step.ts'
import type { Caps } from './connection-caps.ts'
import { readProxyHeader } from './read-proxy.ts'

export type ListenAt = {
  readonly address: string
  readonly port: number
  /** A socket that listens already, instead of address and port. */
  readonly fd?: number
  /** Others listen there, too, and the kernel deals out the connections (SO_REUSEPORT). */
  readonly shared?: boolean
  /** TLS from the first byte (RFC 8314). */
  readonly implicitTls: boolean
  /** Addresses of proxies whose PROXY header is trusted, and demanded. */
  readonly trustedProxies: readonly string[]
  readonly realm: string
}

/** A conversation that has begun. */
export type Conversation = {
  onClose(call: () => void): void
  /** Asks the client to come back; what is under way may still finish. */
  shutdown(): void
  destroy(): void
}

export type ListenerParts = {
  readonly kind: ListenerKind
  readonly caps: Caps
  /** Bytes of a client that wait for us before it has to wait, and of ours before we do. */
  readonly highWaterMark: number
  /** A client that has closed its side still gets its answers. */
  readonly allowHalfOpen?: boolean
  /** One line without its end, for a client that finds no room. */
  readonly noRoom: () => string
  /** A connection is there, before anything is known of it. */
  readonly arrived?: () => void
  /** The socket is paused. */
  readonly begin: (socket: Socket, client: Client) => Conversation
  readonly trouble: (error: unknown, about: string) => void
}

export type OpenListener = { readonly port: number; close(graceMs: number): Promise<void> }

/** Resolves when it listens. Port 0 takes any free one. */
export async function openListener(
  listener: ListenAt,
  parts: ListenerParts,
): Promise<OpenListener> {
  const open = new Set<Conversation>()
  const { highWaterMark, allowHalfOpen = false, arrived = () => {} } = parts
  const how = { pauseOnConnect: true, noDelay: true, highWaterMark, allowHalfOpen }
  const server = createServer(how, socket => {
    socket.on('error', () => socket.destroy())
    arrived()
    void welcome(socket).catch(error => {
      parts.trouble(error, 'accepting a connection')
      socket.destroy()
    })
  })

  async function welcome(socket: Socket): Promise<void> {
    const client = await clientOf(socket, listener, parts.kind)
    if (!client) return void socket.destroy()
    const entered = parts.caps.enter(client, parts.kind)
    const leave = entered instanceof Promise ? await entered : entered
    if (!leave) return sendAway(socket, listener, parts.noRoom())
    if (socket.destroyed) return leave()
    const conversation = parts.begin(socket, client)
    open.add(conversation)
    conversation.onClose(() => {
      open.delete(conversation)
      leave()
    })
  }

  await listen(server, listener)
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : listener.port,
    close: async graceMs => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const conversation of open) conversation.shutdown()
      const late = setTimeout(() => {
        for (const conversation of open) conversation.destroy()
      }, graceMs)
      await closed
      clearTimeout(late)
    },
  }
}

/** The client: the socket's other end, or the address that a trusted proxy names. Undefined when that cannot be known. */
async function clientOf(
  socket: Socket,
  { realm, trustedProxies }: ListenAt,
  kind: ListenerKind,
): Promise<Client | undefined> {
  const address = canonicalIp(socket.remoteAddress ?? '')
  if (address === undefined) return undefined
  if (!trustedProxies.includes(address)) return { realm, address, port: socket.remotePort ?? 0 }
  const header = await readProxyHeader(socket)
  if (header.kind === 'bad' || !header.source) return undefined
  const wanted =
    header.destination && kind === 'redirected' ? { wanted: header.destination } : undefined
  return { realm, ...header.source, ...wanted }
}

function listen(server: Server, listener: ListenAt): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const { address: host, port, fd, shared: reusePort = false } = listener
    server.listen(fd === undefined ? { host, port, reusePort, backlog: 511 } : { fd }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Closes the socket as soon as the words are sent: a client that has no place must not keep a socket. */
function sendAway(socket: Socket, { implicitTls }: ListenAt, words: string): void {
  socket.write(implicitTls ? NO_TLS_NOW : `${words}\r\n`)
  socket.destroySoon()
}

/** A fatal TLS alert, internal_error (RFC 8446 §6): the one that lays no blame on the client. It may come before any handshake. */
const NO_TLS_NOW = Buffer.from([0x15, 3, 3, 0, 2, 2, 80])
