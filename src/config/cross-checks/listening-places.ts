// One place for one listener: whatever listens, on the same protocol, port and address, or on an address that stands for all.

import type { z } from 'zod'
import { canonicalIp } from '../../model/ip.ts'
import { type Complaint, type Path, placeInWords } from '../complaint.ts'
import { listensOn } from '../fields.ts'
import { doorsSchema } from '../doors-schema.ts'
import { unwrap } from '../schema-complaints.ts'
import type { Config } from '../schema.ts'
import { sensorsSchema } from '../sensors-schema.ts'
import { crossCheck } from './cross-check.ts'

const keysOf = <T extends object>(schema: T) => Object.keys(schema) as (keyof T & string)[]

const KEYS = [...keysOf(doorsSchema), ...keysOf(sensorsSchema), 'http'] as const
const ENTRIES: Readonly<Record<string, unknown>> = { ...doorsSchema, ...sensorsSchema }

type PlacesConfig = Pick<Config, (typeof KEYS)[number]>

type ListeningPlace = {
  readonly path: Path
  readonly protocol: 'TCP' | 'UDP'
  readonly address: string
  readonly port: number
}
type SocketPlace = { readonly path: Path; readonly socket: string }

export const listeningPlaces = crossCheck(KEYS, config => placesTaken(placesListened(config)), {
  whole: ['http'],
})

/** Of places where something listens: each that another has already. */
export function* placesTaken(places: Iterable<ListeningPlace | SocketPlace>): Generator<Complaint> {
  const taken = new Map<string, ListeningPlace[]>()
  const sockets = new Map<string, Path>()
  for (const place of places) {
    if ('socket' in place) {
      const { path, socket } = place
      const before = sockets.get(socket)
      if (before)
        yield {
          path,
          problem: `${socket} is the socket of ${placeInWords(before.slice(0, -1))} already`,
          advice: 'Write another path.',
        }
      else sockets.set(socket, path)
      continue
    }
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

/** All of doors, sensors and pages. */
export const placesListened = (config: PlacesConfig): readonly (ListeningPlace | SocketPlace)[] => [
  ...placesOf(ENTRIES, config),
  ...pagesOf(config),
]

function* pagesOf({ http }: PlacesConfig): Iterable<ListeningPlace> {
  for (const key of ['console', 'portal'] as const)
    if (http[key].on) yield { path: ['http', key, 'port'], protocol: 'TCP', ...http[key] }
}

/** Where doors and sensors listen, as the schema of each says: over what, and which of its settings is a socket. */
export function* placesOf(
  entries: Readonly<Record<string, unknown>>,
  config: object,
): Iterable<ListeningPlace | SocketPlace> {
  const given = new Map<string, unknown>(Object.entries(config))
  for (const [key, schema] of Object.entries(entries)) {
    const open = unwrap(schema) as { readonly element?: unknown } | undefined
    const one = given.get(key)
    if (Array.isArray(one))
      for (const [i, each] of one.entries()) yield* placesIn(open?.element, each, [key, i])
    else yield* placesIn(open, one, [key])
  }
}

/** At its port on its address or addresses, unless it has a socket. */
function* placesIn(
  schema: unknown,
  given: unknown,
  path: Path,
): Iterable<ListeningPlace | SocketPlace> {
  const { shape = {} } = (unwrap(schema) ?? {}) as { readonly shape?: Record<string, z.ZodType> }
  const values = new Map<string, unknown>(Object.entries(given ?? {}))
  const listens = Object.entries(shape).flatMap(([key, setting]) => {
    const on = listensOnOf(setting)
    const value = values.get(key)
    return on === undefined || value === undefined ? [] : [{ key, on, value }]
  })
  const socket = listens.find(({ on }) => on === 'socket')
  if (typeof socket?.value === 'string')
    return yield { path: [...path, socket.key], socket: socket.value }
  const { address, addresses } = Object(given) as Addressed
  for (const { key, on, value } of listens)
    if (on !== 'socket')
      for (const one of addresses ?? [address ?? '0.0.0.0'])
        for (const protocol of PROTOCOLS[on])
          yield { path: [...path, key], protocol, address: one, port: Number(value) }
}

const PROTOCOLS = { TCP: ['TCP'], UDP: ['UDP'], 'TCP and UDP': ['TCP', 'UDP'] } as const

type Addressed = { readonly address?: string; readonly addresses?: readonly string[] }

/** Through what is around it: a default, a description. */
function listensOnOf(schema: z.ZodType): ReturnType<typeof listensOn> {
  const inner = unwrap(schema) as z.ZodType
  return listensOn(schema) ?? listensOn(inner)
}

/** A socket on :: takes IPv4 as well. */
function overlap(a: string, b: string): boolean {
  const [one = a, other = b] = [canonicalIp(a), canonicalIp(b)]
  const all = (wide: string, narrow: string) =>
    wide === '::' || (wide === '0.0.0.0' && !narrow.includes(':'))
  return one === other || all(one, other) || all(other, one)
}
