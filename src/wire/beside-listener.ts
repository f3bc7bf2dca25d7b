// Listens for a mail server beside us that asks what to do: on a port, only for addresses we know, or on a Unix socket.

import { chmodSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { canonicalIp } from '../model/ip.ts'
import type { Where } from './door.ts'
import { freeSocket } from './free-socket.ts'
import { UNTAKEN } from './read-on.ts'

export type BesideListener = {
  /** `policyService.address`, 127.0.0.1 by default; `milter.address` likewise. */
  readonly address: string
  /** `policyService.port`, 10031 by default, 0 to 65535, 0 for one that is free; `milter.port`, 10032 by default, likewise. */
  readonly port: number
  /** A Unix socket instead: `policyService.socket`, none by default; `milter.socket` likewise. */
  readonly socket?: string | undefined
  /** Addresses that may connect: `policyService.clients`, 127.0.0.1, ::1 by default; `milter.clients` likewise. */
  readonly clients: readonly string[]
  /** Others listen on the same port, too, and the kernel deals out the connections (SO_REUSEPORT). */
  readonly shared?: boolean
  /** This socket listens already (systemd): connections wait there while Cordon restarts. */
  readonly fd?: number
}

/** The same for one of several threads on one port. */
export const sharedBy = <L extends BesideListener>(listener: L, { one }: Where): L =>
  one ? { ...listener, port: one.ports?.[0] ?? listener.port, shared: true } : listener

/**
 * The same with the socket that systemd holds under this name, if it holds one: of several, each thread has its own, and a further thread for
 * which there is none does without.
 */
export function heldOpen<L extends BesideListener>(
  listener: L,
  name: string,
  where: Where,
): readonly L[] {
  const held = where.sockets.get(name)
  const thread = where.one?.thread ?? 0
  const fd = held?.[thread]
  if (held && fd === undefined && thread > 0) return []
  const its = sharedBy(listener, where)
  return [fd === undefined ? its : { ...its, fd }]
}

export type Listening = {
  readonly port: number
  close(): Promise<void>
  /** Takes no new connections; those that are open may end by themselves for so long, in ms. */
  drain(graceMs: number): Promise<void>
}

/** As many connections as a large Postfix has. */
const MAX_CONNECTIONS = 2000
/**
 * Postfix closes an idle one after five minutes at most, or keeps it as long as its client; this is for clients that forget to close, and
 * for clients that do not read their answers (nothing is read from them either). All are looked at together this often: a timer for each
 * connection would be set anew with everything that is read or written.
 */
const IDLE = 20 * 60_000

/** A client that has said all it has to say still gets its answers: `converse` ends our side when they are given. */
const HOW = { noDelay: true, highWaterMark: UNTAKEN, allowHalfOpen: true }

export async function listenBeside(
  listener: BesideListener,
  converse: (socket: Socket) => void,
): Promise<Listening> {
  /** Open connections, each with the bytes that it had sent when it was last looked at. */
  const sockets = new Map<Socket, number>()
  const server = createServer(HOW, socket => {
    socket.on('error', () => socket.destroy())
    const from = canonicalIp(socket.remoteAddress ?? '')
    const known = listener.socket !== undefined || listener.clients.includes(from ?? '')
    if (!known || sockets.size >= MAX_CONNECTIONS) return void socket.destroy()
    sockets.set(socket, -1)
    socket.on('close', () => sockets.delete(socket))
    converse(socket)
    return undefined
  })
  await listen(server, listener)
  const idle = setInterval(() => {
    for (const [socket, before] of sockets) {
      if (socket.bytesRead === before) socket.destroy()
      else sockets.set(socket, socket.bytesRead)
    }
  }, IDLE)
  idle.unref()
  const bound = server.address()
  const close = () =>
    new Promise<void>(resolve => {
      clearInterval(idle)
      server.close(() => resolve())
      for (const socket of sockets.keys()) socket.destroySoon()
    })
  return {
    port: typeof bound === 'object' && bound ? bound.port : 0,
    close,
    drain: async graceMs => {
      const gone = new Promise<void>(resolve => server.close(() => resolve()))
      const late = new AbortController()
      await Promise.race([gone, sleep(graceMs, undefined, { signal: late.signal, ref: false })])
      late.abort()
      await close()
    },
  }
}

async function listen(server: Server, listener: BesideListener): Promise<void> {
  const { address: host, port, socket, shared: reusePort = false, fd } = listener
  if (socket !== undefined && fd === undefined) await freeSocket(socket)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const done = () => {
      server.off('error', reject)
      // The mail server runs as another user; the rights of the folder say which users may reach the socket.
      if (socket !== undefined && fd === undefined) chmodSync(socket, 0o666)
      resolve()
    }
    if (fd !== undefined) return void server.listen({ fd }, done)
    if (socket === undefined) return void server.listen({ host, port, reusePort }, done)
    return void server.listen(socket, done)
  })
}
