// One place for one listener: whatever listens, on the same protocol, port and address, or on an address that stands for all.

import { canonicalIp } from '../../model/ip.ts'
import { type Complaint, type Path, placeInWords } from '../complaint.ts'
import { doorsSchema } from '../doors-schema.ts'
import type { Config } from '../schema.ts'
import { sensorsSchema } from '../sensors-schema.ts'
import { crossCheck } from './cross-check.ts'

const keysOf = <T extends object>(schema: T) => Object.keys(schema) as (keyof T & string)[]

const KEYS = [...keysOf(doorsSchema), ...keysOf(sensorsSchema), 'http'] as const
/** All others listen on TCP. */
const UDP: ReadonlySet<string> = new Set(['radius', 'flows', 'natLog'])

type PlacesConfig = Pick<Config, (typeof KEYS)[number]>

type ListeningPlace = {
  readonly path: Path
  readonly protocol: 'TCP' | 'UDP'
  readonly address: string
  readonly port: number
}

export const listeningPlaces = crossCheck(KEYS, function* (config) {
  yield* ports(config)
  const { policyService, milter } = config
  if (policyService?.socket !== undefined && policyService.socket === milter?.socket)
    yield {
      path: ['milter', 'socket'],
      problem: `${milter.socket} is the socket of policyService already`,
      advice: 'Write another path.',
    }
})

function* ports(config: PlacesConfig): Iterable<Complaint> {
  const taken = new Map<string, ListeningPlace[]>()
  for (const place of placesOf(config)) {
    // Port 0 takes any free one.
    if (place.port === 0) continue
    const key = `${place.protocol} ${place.port}`
    const others = taken.get(key) ?? []
    const before = others.find(other => overlap(other.address, place.address))
    if (before)
      yield {
        path: place.path,
        problem: `${place.protocol} port ${place.port} of ${place.address} is taken by ${placeInWords(before.path)} (${before.address}) already`,
        advice: 'Write another port, or addresses of their own for both.',
      }
    taken.set(key, [...others, place])
  }
}

function* placesOf(config: PlacesConfig): Iterable<ListeningPlace> {
  for (const key of keysOf({ ...doorsSchema, ...sensorsSchema })) {
    const given: unknown = config[key]
    const protocol = UDP.has(key) ? 'UDP' : 'TCP'
    for (const [i, one] of [given].flat().entries())
      for (const place of placesIn(one))
        yield { path: Array.isArray(given) ? [key, i, 'port'] : [key, 'port'], protocol, ...place }
  }
  for (const key of ['console', 'portal'] as const)
    if (config.http[key].on)
      yield { path: ['http', key, 'port'], protocol: 'TCP', ...config.http[key] }
}

/** Where a door or sensor listens, whichever it is: at its port on its address or addresses, unless it has a socket. */
function placesIn(given: unknown): readonly Pick<ListeningPlace, 'address' | 'port'>[] {
  const { address, addresses, port, socket } = (given ?? {}) as Listener
  if (port === undefined || socket !== undefined) return []
  return (addresses ?? [address ?? '0.0.0.0']).map(one => ({ address: one, port }))
}

type Listener = {
  readonly address?: string
  readonly addresses?: readonly string[]
  readonly port?: number
  readonly socket?: string
}

/** A socket on :: takes IPv4 as well. */
function overlap(a: string, b: string): boolean {
  const [one = a, other = b] = [canonicalIp(a), canonicalIp(b)]
  const all = (wide: string, narrow: string) =>
    wide === '::' || (wide === '0.0.0.0' && !narrow.includes(':'))
  return one === other || all(one, other) || all(other, one)
}
