// Where Cordon listens, as Postfix writes it (`inet:127.0.0.1:10031`, `unix:private/cordon`), and whether two spellings mean one place.

import { isIPv4, isIPv6 } from 'node:net'
import { join, relative } from 'node:path'
import { canonicalIp } from '../model/ip.ts'

/** `any`: on all addresses of this machine. */
export type Place =
  | { readonly host: string; readonly port: number }
  | { readonly any: true; readonly port: number }
  | { readonly path: string }

/** How a process of Postfix comes to a place. */
export type SeenBy = {
  readonly queue?: string
  /** Its root is the queue. */
  readonly isChrooted?: boolean
  /** Of `inet_protocols`; undefined: all. */
  readonly protocols?: readonly string[] | undefined
}

/** Debian's, and Postfix's own default. `postconf -n` names it only where it is another. */
export const QUEUE = '/var/spool/postfix'

/** All that it may mean: in a chroot a path begins at the queue. None where it is no place. */
export function placesIn(written: string, queue = QUEUE): readonly Place[] {
  const [, kind = '', rest = ''] = /^(inet|unix|local):(.+)$/.exec(written) ?? []
  if (kind === '') return []
  if (kind === 'inet') return inet(rest)
  const inQueue = { path: join(queue, rest) }
  return rest.startsWith('/') ? [{ path: rest }, inQueue] : [inQueue]
}

/** Where a process looks for it: without a chroot a path that begins with / is one of the whole machine, with it none is. */
export function placesSeen(
  written: string,
  { queue = QUEUE, isChrooted = false, protocols }: SeenBy,
): readonly Place[] {
  const all = placesIn(written, queue)
  if (all.some(place => 'path' in place)) return isChrooted ? all.slice(-1) : all.slice(0, 1)
  const speaks = (host: string) =>
    (isIPv4(host) && protocols?.includes('ipv4')) || (isIPv6(host) && protocols?.includes('ipv6'))
  const isName = (host: string) => !isIPv4(host) && !isIPv6(host)
  return protocols === undefined
    ? all
    : all.filter(place => !('host' in place) || isName(place.host) || speaks(place.host))
}

function inet(rest: string): readonly Place[] {
  const colon = rest.lastIndexOf(':')
  const port = Number(rest.slice(colon + 1))
  if (colon < 1 || !Number.isInteger(port)) return []
  const named = rest.slice(0, colon).replace(/^\[([^\]]*)\]$/, '$1')
  if (named === '0.0.0.0' || named === '::') return [{ any: true, port }]
  // Postfix tries both addresses of the name; Cordon listens at one of them.
  if (named === 'localhost') return ['127.0.0.1', '::1'].map(host => ({ host, port }))
  return [{ host: canonicalIp(named) ?? named.toLowerCase(), port }]
}

const isOne = (one: Place, other: Place): boolean => {
  if ('path' in one || 'path' in other)
    return 'path' in one && 'path' in other && one.path === other.path
  return one.port === other.port && ('any' in one || 'any' in other || one.host === other.host)
}

/** Undefined: there is no such door. */
export const isAt = (written: string, door: string | undefined, queue?: string): boolean =>
  door !== undefined &&
  placesIn(written, queue).some(one => placesIn(door, queue).some(other => isOne(one, other)))

/** A path of the whole machine that lies in the queue is the same from there, with a chroot and without one. */
export function fromQueue(door: string, queue = QUEUE): string {
  const [, kind = '', path = ''] = /^(unix|local):(\/.+)$/.exec(door) ?? []
  const within = relative(queue, path)
  return kind === '' || within === '' || within.startsWith('..') ? door : `${kind}:${within}`
}
