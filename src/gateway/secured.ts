// TLS on a connection of a client, from its first byte or where it asked for it.

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Identity } from '../wire/tls-identity.ts'

/** The socket to go on with; undefined when the client hung up instead. */
export async function secured(raw: Socket, identity: Identity): Promise<TLSSocket | undefined> {
  const socket = new TLSSocket(raw, { isServer: true, ...identity.current() })
  socket.on('error', () => socket.destroy())
  raw.resume()
  const isSecure = await new Promise<boolean>(resolve => {
    socket.once('secure', () => resolve(true))
    socket.once('close', () => resolve(false))
    raw.once('close', () => resolve(false))
  })
  return isSecure ? socket : undefined
}
