// Doors ask: each of the list, in the engine's thread or in threads of its own on the same ports. What must hold over all of them, logins,
// caps, certificates and live sessions, stays here.

import { commandTurns } from '../wire/command-turns.ts'
import type { Config } from '../config/schema.ts'
import { type DoorThreads, startDoorThreads } from '../drivers/engine-port/door-threads.ts'
import { randomNames } from '../drivers/names/random-names.ts'
import type { RunningEngine } from '../engine/engine.ts'
import { type AuthBrake, authBrake } from '../wire/auth-brake.ts'
import { connectionCaps, type OpenCaps } from '../wire/connection-caps.ts'
import type { DoorParts, OpenDoor } from '../wire/door.ts'
import { logins, loginsElsewhere } from '../wire/logins.ts'
import type { Counted } from '../wire/sensor.ts'
import { type Identity, type Pem, tlsIdentity } from '../wire/tls-identity.ts'
import { type Dated, datesOf, wrongWithDates } from './certificate-dates.ts'
import { certificatesOf, TLS } from './certificates.ts'
import type { Directory } from './directory.ts'
import { DOORS, type ListedDoor, type Listener } from './door-list.ts'
import type { DoorLive, DoorStart } from './door-thread.ts'
import type { LiveSessions } from './live-sessions.ts'
import type { OpenPlace } from './place.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { Overrides, World } from './world.ts'

export type Doors = {
  readonly places: readonly OpenPlace[]
  /** For monitoring. */
  readonly counted: readonly Counted[]
  readonly brake: AuthBrake
  /** Connections open that count towards the caps. */
  readonly connections: () => number
  /** From when to when the certificates are good that are shown now. */
  /** Of those that a client may see. */
  readonly certificateDates: () => readonly Dated[]
  /** Logs certificates that are not valid now, or not for long. */
  readonly lookAtCertificates: () => void
}

export type DoorNeeds = {
  readonly engine: RunningEngine
  readonly directory: Directory
  readonly sessions: LiveSessions
  /** The certificate where none is configured. */
  readonly ownCertificate: Pem
  readonly world: World
  readonly sockets: Overrides['sockets']
  /** Time runs at another speed, which door threads cannot follow. */
  readonly scaled: boolean
}

const CONNECTIONS = { connections: 'live' } as const satisfies Keys
const THREADS = { doorThreads: 'restart' } as const satisfies Keys
export const DOORS_READ: readonly Keys[] = [
  TLS,
  CONNECTIONS,
  THREADS,
  ...DOORS.map(({ reads }) => reads),
]

export async function openDoors(
  scope: Scope,
  settings: Settings,
  needs: DoorNeeds,
): Promise<Doors> {
  const { engine, directory, sessions, ownCertificate, world } = needs
  const { leases, known, credentials, subscribers } = directory
  const { now, trouble } = world
  const brake = authBrake({ leases, known })
  const certificates = await openCertificates(scope, settings, ownCertificate)
  const chosen = settings.of(TLS)
  const certificateDates = () =>
    shows.length > 0 || chosen.now.certificate ? datesOf(certificates.now()) : []
  const lookAtCertificates = () => {
    // By the clock of clients, however fast ours goes.
    for (const words of wrongWithDates(datesOf(certificates.now()), Date.now()))
      trouble(words, 'TLS')
  }
  lookAtCertificates()
  certificates.onReplaced(lookAtCertificates)
  const { doorThreads } = settings.of(THREADS).now
  const house: House = {
    engine,
    logins: logins({ brake, credentials, subscribers, engine, now }),
    loginsElsewhere: loginsElsewhere({ brake, subscribers, engine, now }),
    caps: cappedBy(settings, directory),
    turns: commandTurns(),
    sessions,
    certificates,
    identity: certificates.identity,
    sockets: needs.sockets ?? new Map(),
    threads: needs.scaled ? 0 : doorThreads,
    now,
    newSessionId: randomNames().record,
    listed: engine.list,
    trouble,
  }
  const places: OpenPlace[] = []
  const counted: Counted[] = []
  const shows: ListedDoor[] = []
  for (const door of DOORS)
    for (const { place, opened } of await openDoor(scope, settings, { door, house })) {
      places.push(place)
      if (door.showsCertificate) shows.push(door)
      if (opened?.counted) counted.push(opened.counted)
    }
  const connections = () => house.caps.open
  return { places, counted, brake, connections, certificateDates, lookAtCertificates }
}

type House = Omit<DoorParts<unknown>, 'settings' | 'caps' | 'sessions'> & {
  readonly caps: OpenCaps
  readonly sessions: LiveSessions
  readonly certificates: Certificates
  readonly sockets: ReadonlyMap<string, readonly number[]>
  readonly threads: number
}

type Certificates = {
  readonly identity: Identity
  now(): readonly Pem[]
  onReplaced(hear: () => void): void
}

async function openCertificates(
  scope: Scope,
  settings: Settings,
  ownCertificate: Pem,
): Promise<Certificates> {
  const hearers: (() => void)[] = []
  const config = settings.of(TLS, next => {
    const replacement = certificatesOf(next, ownCertificate)
    return () => {
      pems = replacement
      identity.replace(pems)
      for (const hear of hearers) hear()
    }
  }).now
  let pems = certificatesOf(config, ownCertificate)
  const identity = await scope.open('certificates', () => tlsIdentity(pems))
  return { identity, now: () => pems, onReplaced: hear => void hearers.push(hear) }
}

/** Many people are behind the line of a site: it has no cap of its own. */
function cappedBy(settings: Settings, { leases, subscribers }: Directory): OpenCaps {
  const config = settings.of(
    CONNECTIONS,
    ({ connections }) =>
      () =>
        caps.replace(connections),
  ).now
  const caps = connectionCaps(config.connections, {
    lineOf: ({ realm, address, port }) => {
      const { sure, subscriber } = leases.holder(realm, address, port)
      if (sure === 'unknown') return undefined
      const site = subscriber !== undefined && subscribers.get(subscriber)?.plan === 'site'
      return { holder: site ? undefined : subscriber }
    },
  })
  return caps
}

type DoorAt = { readonly place: OpenPlace; readonly opened?: OpenDoor }

/** One door at all its places. */
async function openDoor(
  scope: Scope,
  settings: Settings,
  { door, house }: { readonly door: ListedDoor; readonly house: House },
): Promise<readonly DoorAt[]> {
  const { sockets, threads } = house
  const config = settings.of(door.reads, next => {
    const replacement = door.settings(next)
    return () => {
      live = replacement
      changed()
    }
  }).now
  let live = door.settings(config)
  let changed = () => {}
  const listeners = door.listeners(config, { sockets })
  const place = (port: number, i: number): OpenPlace => {
    const listener = listeners[i] as Listener
    return { kind: door.name, port, status: door.status(listener, port) }
  }
  if (threads > 0 && listeners.length > 0 && listeners.every(one => door.inThreads(one))) {
    const inForce = (): DoorLive => ({ certificates: house.certificates.now(), settings: live })
    const start = () => startThreads(config, { door, house, live: inForce })
    const opened = await scope.open(`${door.name} door threads`, start, {
      drain: (one, graceMs) => one.close(graceMs),
    })
    house.sessions.alsoCut(login => opened.cut(login))
    changed = () => opened.replace(inForce())
    house.certificates.onReplaced(changed)
    return opened.ports.map((port, i) => ({ place: place(port, i) }))
  }
  const places: DoorAt[] = []
  for (const [i, listener] of listeners.entries()) {
    const open = () =>
      door.open(
        listener,
        partsOf(house, () => live),
      )
    const opened = await scope.open(door.called(listener), open, {
      drain: (one, graceMs) => one.close(graceMs),
    })
    places.push({ place: place(opened.port, i), opened })
  }
  return places
}

function partsOf(house: House, settings: () => unknown): DoorParts<unknown> {
  const { engine, logins, caps, turns, sessions, identity, now, newSessionId } = house
  const { listed, trouble, loginsElsewhere } = house
  return {
    engine,
    logins,
    loginsElsewhere,
    caps,
    turns,
    sessions,
    identity,
    now,
    newSessionId,
    settings,
    listed,
    trouble,
  }
}

type InThreads = {
  readonly door: ListedDoor
  readonly house: House
  readonly live: () => DoorLive
}

/** Threads of one door; what each is given is plain JSON. */
function startThreads(
  config: Config,
  { door, house, live }: InThreads,
): Promise<DoorThreads<DoorLive>> {
  const { engine, logins, caps, sockets, threads: count, trouble } = house
  const file = new URL('./door-thread.ts', import.meta.url)
  const start = (thread: number, ports: readonly number[] | undefined): DoorStart => ({
    door: door.name,
    listeners: door.listeners(config, { sockets, one: { thread, ports } }),
  })
  return startDoorThreads({ engine, logins, caps }, { count, file, start, live, trouble })
}
