// A loopback port that nobody listens on, for programs that cannot choose one themselves. Not one that the system gives to whoever asks
// for any: between now and the program's start another test would get it, and be taken for the program.

import { createServer } from 'node:net'
import { readFileSync } from 'node:fs'

/** The first port that is given to whoever asks for any. */
const GIVEN_FROM = Number(
  readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0],
)
const LOWEST = 10_000

export async function freePort(): Promise<number> {
  for (let attempts = 0; attempts < 100; attempts++) {
    const port = LOWEST + Math.floor(Math.random() * Math.max(1000, GIVEN_FROM - LOWEST))
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise(resolve =>
    server
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true))),
  )
}
