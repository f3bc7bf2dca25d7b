// Opens an app on a TCP port or on a Unix socket. What one client can make us keep is one answer: a further request before that is
// written ends the connection, and so does an answer that is not read.

import { chmodSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isCutOff } from './cut-off.ts'
import { oneRequestAtATime } from './one-request.ts'
import { placesByAddress } from './places-by-address.ts'
import { freeSocket } from '../../wire/free-socket.ts'

export type HttpPlace =
  | { readonly address: string; readonly port: number; readonly proxies?: readonly string[] }
  | { readonly socket: string }
export type HttpDoor = { readonly port: number; close(): Promise<void> }

export type HttpReports = {
  /** A client did not read its answer: its address, empty on a local socket. */
  readonly untaken?: (address: string) => void
  /** A request could not be answered. */
  readonly trouble?: (error: unknown, about: string) => void
}

/** At once, on one door; a client that comes when all are taken gets no connection. */
const MAX_CONNECTIONS = 2000
/** A connection ends on which the client reads nothing, or asks nothing, for so long (ms). */
const IDLE = 5 * 60_000

/** Resolves when it listens. A Unix socket is readable for its owner only: it takes orders. */
export async function openHttpDoor(
  app: Hono,
  place: HttpPlace,
  { untaken = () => undefined, trouble = () => undefined }: HttpReports = {},
): Promise<HttpDoor> {
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse()
    if (!isCutOff(context)) trouble(error, `${context.req.method} ${context.req.path}`)
    return context.text('Something went wrong here; the log has it.\n', 500)
  })
  const listener = getRequestListener(app.fetch)
  const server = createServer({
    requestTimeout: 30_000,
    headersTimeout: 10_000,
    requireHostHeader: false,
  })
  const isAnswering = oneRequestAtATime(server, (request, response) => {
    void listener(request, response)
  })
  server.maxConnections = MAX_CONNECTIONS
  if ('address' in place)
    server.on('connection', placesByAddress({ exempt: place.proxies ?? [], isAnswering }))
  // A client that waits for our answer, or watches while nothing happens, has nothing to read.
  server.setTimeout(IDLE, socket => {
    if (socket.writableLength > 0) untaken(socket.remoteAddress ?? '')
    if (socket.writableLength > 0 || !isAnswering(socket)) socket.destroy()
  })
  if ('socket' in place) await freeSocket(place.socket)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if ('socket' in place) {
      const before = process.umask(0o177)
      // Bound, or refused, before this returns.
      server.listen(place.socket, () => {
        chmodSync(place.socket, 0o600)
        resolve()
      })
      process.umask(before)
    } else server.listen(place.port, place.address, resolve)
  })
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : 0,
    close: () => closeServer(server),
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    // A live view never ends by itself.
    server.closeAllConnections()
  })
}
