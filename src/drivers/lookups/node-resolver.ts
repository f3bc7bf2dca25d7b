// node:dns with servers and patience of ours.

import { Resolver } from 'node:dns/promises'

/** `servers`: `address` or `address:port`; the system's own when empty. `timeout` for one question, in ms; two tries. */
export function nodeResolver(servers: readonly string[], timeout: number): Resolver {
  const dns = new Resolver({ timeout, tries: 2 })
  if (servers.length > 0) dns.setServers(servers)
  return dns
}
