// A web door of this process, clients that say to it what they like, and what Node makes of that.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import type { Hono } from 'hono'
import { type HttpReports, openHttpDoor } from '../../src/doors/http/server.ts'
import { accepted } from './untaken.ts'

/** Closed, with its clients, when the test ends. */
export async function openedDoor(
  t: TestContext,
  app: Hono,
  { proxies = [], ...reports }: HttpReports & { readonly proxies?: readonly string[] } = {},
) {
  const { sockets, stop } = accepted()
  const door = await openHttpDoor(app, { address: '0.0.0.0', port: 0, proxies }, reports)
  const clients: Socket[] = []
  t.after(async () => {
    stop()
    for (const client of clients) client.destroy()
    await door.close()
  })
  /** A connection on which nothing is said yet. */
  const silent = async (localAddress = '127.0.0.1') => {
    const client = connect({ port: door.port, host: '127.0.0.1', localAddress, noDelay: true })
    clients.push(client.on('error', () => undefined))
    await once(client, 'connect')
    return client
  }
  return {
    /** Their other ends, in the order in which they came. */
    ours: sockets,
    silent,
    client: async (path: string, times = 1) => {
      const client = await silent()
      client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(times))
      return client
    },
  }
}

/** What Node makes of what clients send, until the test ends: requests, and pieces of their contents. */
export function parsed(t: TestContext) {
  const seen = { requests: 0, pieces: 0 }
  const count = () => void seen.requests++
  subscribe('http.server.request.start', count)
  const { push } = IncomingMessage.prototype
  IncomingMessage.prototype.push = function (piece, encoding) {
    if (piece !== null) seen.pieces++
    return push.call(this, piece, encoding)
  }
  t.after(() => {
    unsubscribe('http.server.request.start', count)
    IncomingMessage.prototype.push = push
  })
  return seen
}

/** All that a client is sent until its connection ends. */
export async function allOf(client: Socket): Promise<string> {
  let text = ''
  client.on('data', data => (text += String(data)))
  await once(client, 'close')
  return text
}

export const turn = () => new Promise(resolve => setImmediate(resolve))
