// Which address a request comes from, also through a proxy of ours.

import type { Context } from 'hono'
import { getConnInfo } from '@hono/node-server/conninfo'
import { canonicalIp } from '../../model/ip.ts'
import type { Client } from '../../model/step.ts'

/**
 * The line of the client is known by its address. Of what a proxy of ours forwards, the last address that is no proxy's counts: the client
 * could have written what stands before it.
 */
export function clientOf(context: Context, proxies: readonly string[]): Client {
  const { address = '', port = 0 } = getConnInfo(context).remote
  const near = canonicalIp(address) ?? address
  if (!proxies.includes(near)) return { realm: 'main', address: near, port }
  const forwarded = (context.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map(one => canonicalIp(one.trim()))
  const far = forwarded.findLast(one => one === undefined || !proxies.includes(one))
  // The proxy does not say which port it was: a shared address stays ambiguous.
  return { realm: 'main', address: far ?? near, port: 0 }
}
