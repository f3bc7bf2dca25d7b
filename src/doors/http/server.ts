// Opens an app on a TCP port or on a Unix socket.

import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

export type HttpPlace =
  | { readonly address: string; readonly port: number }
  | { readonly socket: string }
export type HttpDoor = { readonly port: number; close(): Promise<void> }

/** Resolves when it listens. A Unix socket is readable for its owner only: it takes orders. */
export async function openHttpDoor(app: Hono, place: HttpPlace): Promise<HttpDoor> {
  const listener = getRequestListener(app.fetch)
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000 },
    (request, response) => void listener(request, response),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if ('socket' in place) {
      rmSync(place.socket, { force: true })
      const before = process.umask(0o177)
      server.listen(place.socket, () => {
        process.umask(before)
        chmodSync(place.socket, 0o600)
        resolve()
      })
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
