// Alarms by webhook: JSON, signed over body and time, to an address of the operator's. No redirect is followed, and no connection to a
// private address is used unless the operator says so: a name that leads there would let a stranger's DNS write into the own network.

import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { NO_NETWORKS, PRIVATE_NETWORKS } from '../../model/special-networks.ts'
import type { AlarmChannel } from '../../ports/alarm-channel.ts'
import { type SignedPostSettings, signedHeaders } from '../network/signed-post.ts'

export type AlarmWebhookSettings = SignedPostSettings & {
  /** `alarms.webhooks[].name`, webhook by default. */
  readonly name: string
  /** `alarms.webhooks[].privateAddresses`, false by default. */
  readonly privateAddresses: boolean
}

/** Milliseconds until a receiver must have answered: it need only write down what it got. */
const TIMEOUT = 10_000

export const webhookName = ({ name }: Pick<AlarmWebhookSettings, 'name'>): string =>
  `webhook ${name}`

export function webhookChannel(
  settings: AlarmWebhookSettings,
  now: () => number,
  wait = TIMEOUT,
): AlarmChannel {
  return {
    name: webhookName(settings),
    withoutStores: true,
    tell: (batch, stopping) =>
      post(settings, { body: JSON.stringify(batch), id: batch.id, at: now(), wait, stopping }),
  }
}

type Post = {
  readonly body: string
  readonly id: string
  readonly at: number
  readonly wait: number
  readonly stopping: AbortSignal
}

/** Resolves when it is answered with 2xx. */
function post(
  { url, secret, privateAddresses }: AlarmWebhookSettings,
  { body, id, at, wait, stopping }: Post,
): Promise<void> {
  const target = new URL(url)
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const barred = (address: string) => !privateAddresses && isPrivate(address)
  const refusal = (address: string) =>
    new Error(`${host} leads to the private address ${address}; see privateAddresses`)
  if (isIP(host) > 0 && barred(host)) return Promise.reject(refusal(host))
  return new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(wait)
    const signal = AbortSignal.any([late, stopping])
    const ask = target.protocol === 'https:' ? requestHttps : requestHttp
    // A connection of its own: one that was kept open has been looked at as another one.
    const options = {
      method: 'POST',
      agent: false,
      signal,
      headers: signedHeaders({ secret, id, body, at }),
    }
    const asked = ask(target, options, answer => {
      const status = answer.statusCode ?? 0
      answer.resume().on('error', () => undefined)
      asked.destroy()
      if (status >= 200 && status < 300) resolve()
      else reject(new Error(`${target.host} answers ${status}`))
    })
    asked.on('error', error =>
      reject(late.aborted ? new Error(`${target.host} did not answer in ${wait} ms`) : error),
    )
    asked.on('socket', socket => {
      const look = (address: string | undefined) => {
        if (address !== undefined && barred(address)) asked.destroy(refusal(address))
      }
      socket.on('lookup', (_error, address) => look(address))
      socket.on('connect', () => look(socket.remoteAddress))
    })
    asked.end(body)
  })
}

/** This machine, private, shared and link-local networks, and what is no host: none of it is out in the Internet. */
const PRIVATE = new BlockList()
for (const text of [...PRIVATE_NETWORKS, ...NO_NETWORKS]) {
  const [net = '', bits] = text.split('/')
  // The IPv4 address in IPv4-mapped ones is looked at: they are in ::/8.
  if (net !== '::') PRIVATE.addSubnet(net, Number(bits), net.includes(':') ? 'ipv6' : 'ipv4')
}
// NAT64: the IPv4 address in it would have to be looked at, and no receiver is named so; and IPv4-compatible ones (RFC 4291 §2.5.5.1).
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6')

/** IPv4 addresses inside of IPv6 are looked at as IPv4 (BlockList does). */
const isPrivate = (address: string): boolean => {
  const plain = address.replace(/%.*/, '')
  return PRIVATE.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}
