// A proxy that ends TLS and writes down what both sides say: before a server without TLS, and before one with it, so that a client cannot tell
// them apart.

import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { connect as connectTls, createServer } from 'node:tls'

export type Recorded = { client: string; server: string }

/** One character a byte; one entry for each connection, in their order. */
export async function recorder(
  upstream: { readonly port: number; readonly isTls: boolean },
  { cert, key }: { readonly cert: string; readonly key: string },
) {
  const sessions: Recorded[] = []
  const server = createServer({ cert, key }, client => {
    const session = { client: '', server: '' }
    sessions.push(session)
    const { port, isTls } = upstream
    const behind = isTls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connectPlain(port, '127.0.0.1')
    client.on('data', (chunk: Buffer) => (session.client += chunk.toString('latin1')))
    behind.on('data', (chunk: Buffer) => (session.server += chunk.toString('latin1')))
    client.pipe(behind)
    behind.pipe(client)
    for (const [one, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.end())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : 0
  return { port, sessions, close: () => server.close() }
}
