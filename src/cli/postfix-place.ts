// Where Cordon listens, as Postfix writes it (`inet:127.0.0.1:10031`, `unix:private/cordon`), and whether two spellings mean one place.

import { join } from 'node:path'
import { canonicalIp } from '../model/ip.ts'

/** `any`: on all addresses of this machine. */
export type Place =
  | { readonly host: string; readonly port: number }
  | { readonly any: true; readonly port: number }
  | { readonly path: string }

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
