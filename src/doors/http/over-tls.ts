// Whether a browser speaks TLS to the proxy in front, which says so (X-Forwarded-Proto).

import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { canonicalIp } from '../../model/ip.ts'

/** The page itself has no TLS; the header is believed of our own proxies alone. */
export function isOverTls(context: Context, proxies: readonly string[]): boolean {
  const { address = '' } = getConnInfo(context).remote
  if (!proxies.includes(canonicalIp(address) ?? address)) return false
  // Of several proxies the first stands in front of the browser.
  const [first = ''] = (context.req.header('x-forwarded-proto') ?? '').split(',')
  return first.trim().toLowerCase() === 'https'
}

/** A proxy of ours that says whom it forwards for, and not whether that was by TLS: the cookie is then also sent in clear. */
export function saysNoScheme(context: Context, proxies: readonly string[]): string | undefined {
  const { address = '' } = getConnInfo(context).remote
  const near = canonicalIp(address) ?? address
  const { 'x-forwarded-for': forwarded, 'x-forwarded-proto': proto } = context.req.header()
  return proxies.includes(near) && forwarded !== undefined && proto === undefined ? near : undefined
}
