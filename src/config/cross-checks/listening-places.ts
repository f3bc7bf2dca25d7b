// One place for one listener: whatever listens, on the same protocol, port and address, or on an address that stands for all.

import { canonicalIp } from '../../model/ip.ts'
import { type Complaint, type Path, placeInWords } from '../complaint.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'

const KEYS = [
  'listeners',
  'policyService',
  'milter',
  'http',
  'firewallLog',
  'decoys',
  'radius',
  'flows',
  'natLog',
] as const
type Given = Pick<Config, (typeof KEYS)[number]>

type Place = {
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

function* ports(config: Given): Iterable<Complaint> {
  const taken = new Map<string, Place[]>()
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

function* placesOf(config: Given): Iterable<Place> {
  const { listeners, policyService, milter, http, firewallLog, decoys, radius, flows, natLog } =
    config
  for (const [i, { address, port }] of listeners.entries())
    yield { path: ['listeners', i, 'port'], protocol: 'TCP', address, port }
  const beside = { policyService, milter, firewallLog }
  for (const [key, given] of Object.entries(beside))
    if (given && !('socket' in given && given.socket !== undefined))
      yield { path: [key, 'port'], protocol: 'TCP', address: given.address, port: given.port }
  for (const key of ['console', 'portal'] as const)
    yield { path: ['http', key, 'port'], protocol: 'TCP', ...http[key] }
  for (const address of decoys?.addresses ?? [])
    yield { path: ['decoys', 'port'], protocol: 'TCP', address, port: decoys?.port ?? 0 }
  for (const [key, given] of Object.entries({ radius, flows, natLog }))
    if (given)
      yield { path: [key, 'port'], protocol: 'UDP', address: given.address, port: given.port }
}

/** A socket on :: takes IPv4 as well. */
function overlap(a: string, b: string): boolean {
  const [one = a, other = b] = [canonicalIp(a), canonicalIp(b)]
  const all = (wide: string, narrow: string) =>
    wide === '::' || (wide === '0.0.0.0' && !narrow.includes(':'))
  return one === other || all(one, other) || all(other, one)
}
