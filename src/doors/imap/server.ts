// Sockets for the IMAP gateway: who may connect, and how many.

import { createServer, type Server, type Socket } from 'node:net'
import { canonicalIp } from '../../model/ip.ts'
import type { Client } from '../../model/step.ts'
import type { Engine } from '../../ports/engine.ts'
import type { DoorParts, OpenDoor } from '../../wire/door.ts'
import { readProxyHeader } from '../../wire/read-proxy.ts'
import type { SendOutcome } from './answer-words.ts'
import { backEndAddress } from './back-end-address.ts'
import { Connection, type ConnectionGiven, type ImapSettings } from './connection.ts'
import { loginPlaces } from './login-places.ts'
import { repeats } from './repeats.ts'

export type ImapListener = {
  /** `imap.listeners[].address`, 127.0.0.1 by default. */
  readonly address: string
  /** `imap.listeners[].port`, must be given, 0 to 65535. */
  readonly port: number
  /** A socket that listens already, instead of address and port. */
  readonly fd?: number
  readonly implicitTls: boolean
  /** Proxies whose PROXY header is trusted, and must be sent: `imap.listeners[].trustedProxies`, nothing by default; none when empty. */
  readonly trustedProxies: readonly string[]
  /** `imap.listeners[].realm`, main by default. */
  readonly realm: string
  /** `imap.backEnd`, must be given. */
  readonly backEnd: string
  /** `imap.sendFolders`, nothing by default; when empty nothing is sent. */
  readonly sendFolders: readonly string[]
  /** `imap.sentFolder`, Sent by default. */
  readonly sentFolder: string
}

/** More of the client's bytes than this wait in the kernel, and more of ours make the back end wait. */
const HIGH_WATER = 64 * 1024

/** Of all listeners of one engine: a message is repeated on any of them. */
const ofEngine = new WeakMap<Engine, Pick<ConnectionGiven, 'repeats' | 'places'>>()

function sharedBy({ engine }: DoorParts<ImapSettings>) {
  const found = ofEngine.get(engine) ?? {
    repeats: repeats<SendOutcome>({ now: () => performance.now(), isTaken: ({ taken }) => taken }),
    places: loginPlaces(),
  }
  ofEngine.set(engine, found)
  return found
}

/** Starts to listen; resolves when it does. Port 0 takes any free one. */
export async function openImapDoor(
  listener: ImapListener,
  parts: DoorParts<ImapSettings>,
): Promise<OpenDoor> {
  const connections = new Set<Connection>()
  const shared = sharedBy(parts)
  const backEnd = backEndAddress(listener.backEnd)
  const how = { pauseOnConnect: true, noDelay: true, highWaterMark: HIGH_WATER }
  const server = createServer(how, socket => {
    socket.on('error', () => socket.destroy())
    void welcome(socket).catch(error => {
      parts.trouble(error, 'accepting an IMAP connection')
      socket.destroy()
    })
  })

  async function welcome(socket: Socket): Promise<void> {
    const client = await clientOf(socket, listener)
    if (!client) return void socket.destroy()
    const leave = await parts.caps.enter(client, 'submission')
    if (!leave) return void socket.destroy()
    socket.once('close', leave)
    if (socket.destroyed) return leave()
    const { implicitTls, sendFolders, sentFolder } = listener
    const connection = new Connection(socket, {
      client,
      implicitTls,
      backEnd,
      sendFolders,
      sentFolder,
      parts,
      ...shared,
    })
    connections.add(connection)
    connection.onClose(() => connections.delete(connection))
    await connection.run()
  }

  await listen(server, listener)
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : listener.port,
    close: async graceMs => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const connection of connections) connection.end('* BYE Server shutting down')
      const late = setTimeout(() => {
        for (const connection of connections) connection.destroy()
      }, graceMs)
      await closed
      clearTimeout(late)
    },
  }
}

/** The client: the socket's other end, or the address that a trusted proxy names. Undefined when that cannot be known. */
async function clientOf(socket: Socket, listener: ImapListener): Promise<Client | undefined> {
  const address = canonicalIp(socket.remoteAddress ?? '')
  if (address === undefined) return undefined
  const { realm, trustedProxies } = listener
  if (!trustedProxies.includes(address)) return { realm, address, port: socket.remotePort ?? 0 }
  const header = await readProxyHeader(socket)
  return header.kind === 'bad' || !header.source ? undefined : { realm, ...header.source }
}

function listen(server: Server, { address: host, port, fd }: ImapListener): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(fd === undefined ? { host, port, backlog: 511 } : { fd }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
