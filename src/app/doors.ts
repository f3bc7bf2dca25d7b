// Doors ask: SMTP in this thread or in threads of its own on the same ports, and the two protocols by which a mail server beside us asks
// (policy delegation, milter). What must hold over all of them, logins and caps, stays here.

import { openMilterDoor } from '../doors/milter/server.ts'
import { openPolicyDoor } from '../doors/policy-delegation/server.ts'
import { listenersOf } from '../doors/smtp/listeners.ts'
import { type DoorSettings, openSmtpDoor } from '../doors/smtp/server.ts'
import { type DoorThreads, startDoorThreads } from '../drivers/engine-port/door-threads.ts'
import { randomNames } from '../drivers/names/random-names.ts'
import type { RunningEngine } from '../engine/engine.ts'
import { type AuthBrake, authBrake } from '../wire/auth-brake.ts'
import { connectionCaps, type OpenCaps } from '../wire/connection-caps.ts'
import { logins } from '../wire/logins.ts'
import { type Identity, type Pem, tlsIdentity } from '../wire/tls-identity.ts'
import type { LiveSessions } from './live-sessions.ts'
import { certificatesOf, TLS } from './certificates.ts'
import type { Directory } from './directory.ts'
import type { DoorLive, DoorStart } from './door-thread.ts'
import type { Place } from './place.ts'
import type { Scope } from './scope.ts'
import type { Chosen, Keys, Settings } from './settings.ts'
import type { Overrides, World } from './world.ts'

export type Doors = {
  readonly places: readonly Place[]
  readonly brake: AuthBrake
  /** SMTP connections open. */
  readonly connections: () => number
}

export type DoorNeeds = {
  readonly engine: RunningEngine
  readonly directory: Directory
  readonly sessions: LiveSessions
  /** The certificate of those who configured none. */
  readonly ownCertificate: Pem
  readonly world: World
  readonly sockets: Overrides['sockets']
  /** Time runs at another speed, which door threads cannot follow. */
  readonly scaled: boolean
}

const SMTP = {
  hostname: 'restart',
  domains: 'restart',
  maxMessageSize: 'live',
  maxRecipients: 'live',
  passwords: 'live',
  strangers: 'live',
} as const satisfies Keys

const CONNECTIONS = { connections: 'live' } as const satisfies Keys
const LISTENERS = { listeners: 'restart', doorThreads: 'restart' } as const satisfies Keys
const BESIDE = { policyService: 'restart', milter: 'restart' } as const satisfies Keys
const SIZE = { maxMessageSize: 'live' } as const satisfies Keys
export const DOORS_READ = [TLS, SMTP, CONNECTIONS, LISTENERS, BESIDE, SIZE]

export async function openDoors(
  scope: Scope,
  settings: Settings,
  needs: DoorNeeds,
): Promise<Doors> {
  const { engine, directory, ownCertificate, world } = needs
  const brake = authBrake({ leases: directory.leases, known: directory.known })
  const caps = cappedBy(settings, directory)
  const checked = logins({
    brake,
    credentials: directory.credentials,
    subscribers: directory.subscribers,
    engine,
    now: world.now,
  })
  const tls = settings.of(TLS, next => {
    const certificates = certificatesOf(next, ownCertificate)
    return () => {
      identity.replace(certificates)
      live = { ...live, certificates }
      shared.threads?.replace(live)
    }
  }).now
  const certificates = certificatesOf(tls, ownCertificate)
  const identity = await scope.open('certificates', () => tlsIdentity(certificates))
  const smtp = settings.of(SMTP, next => {
    const replacement = doorSettings(next)
    return () => {
      live = { ...live, settings: replacement }
      shared.threads?.replace(live)
    }
  }).now
  let live: DoorLive = { certificates, settings: doorSettings(smtp) }
  const shared: Shared = {
    ...needs,
    caps,
    logins: checked,
    identity,
    live: () => live,
    threads: undefined,
  }
  return {
    places: [
      ...(await openSmtp(scope, settings, shared)),
      ...(await openBeside(scope, settings, needs)),
    ],
    brake,
    connections: () => caps.open,
  }
}

type Shared = DoorNeeds & {
  readonly caps: OpenCaps
  readonly logins: ReturnType<typeof logins>
  readonly identity: Identity
  readonly live: () => DoorLive
  threads: DoorThreads<DoorLive> | undefined
}

const doorSettings = (config: Chosen<typeof SMTP>): DoorSettings => ({
  ourName: config.hostname,
  postmaster: `postmaster@${config.domains[0] ?? config.hostname}`,
  maxSize: config.maxMessageSize,
  maxRecipients: config.maxRecipients,
  scram: config.passwords.scram,
  greetPause: config.strangers.greetPause,
})

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
      const { subscriber } = leases.holder(realm, address, port)
      const site = subscriber !== undefined && subscribers.get(subscriber)?.plan === 'site'
      return site ? undefined : subscriber
    },
  })
  return caps
}

async function openSmtp(
  scope: Scope,
  settings: Settings,
  shared: Shared,
): Promise<readonly Place[]> {
  const { engine, logins, caps, sessions, identity, live, world, sockets } = shared
  const { now, trouble } = world
  const { listeners, doorThreads } = settings.of(LISTENERS).now
  const place = (port: number, i: number): Place => ({
    kind: 'smtp',
    name: listeners[i]?.kind ?? 'smtp',
    address: listeners[i]?.address ?? '',
    port,
  })
  if (doorThreads > 0 && !shared.scaled) {
    const threads = await scope.open(
      'SMTP door threads',
      () =>
        startDoorThreads<DoorStart, DoorLive>(
          { engine, logins, caps },
          {
            count: doorThreads,
            file: new URL('./door-thread.ts', import.meta.url),
            start: (thread, ports) => ({
              listeners: listenersOf({ listeners }, sockets, { thread, ports }),
            }),
            live,
            trouble,
          },
        ),
      { drain: (opened, graceMs) => opened.close(graceMs) },
    )
    shared.threads = threads
    sessions.alsoCut(login => threads.cut(login))
    return threads.ports.map(place)
  }
  const parts = {
    engine,
    logins,
    caps,
    sessions,
    identity,
    now,
    settings: () => live().settings,
    newSessionId: randomNames().record,
    trouble,
  }
  const ports: number[] = []
  for (const listener of listenersOf({ listeners }, sockets)) {
    const door = await scope.open(
      `${listener.kind} listener`,
      () => openSmtpDoor(listener, parts),
      {
        drain: (opened, graceMs) => opened.close(graceMs),
      },
    )
    ports.push(door.port)
  }
  return ports.map(place)
}

/** The doors for a mail server beside us. */
async function openBeside(
  scope: Scope,
  settings: Settings,
  { engine, directory: { ourDomain: domain }, world: { now, trouble } }: DoorNeeds,
): Promise<readonly Place[]> {
  const { policyService, milter } = settings.of(BESIDE).now
  const size = settings.of(SIZE)
  const policyDoor =
    policyService &&
    (await scope.open(
      'policy service',
      () => openPolicyDoor({ ...policyService, domain }, { engine, now, trouble }),
      { drain: opened => opened.close() },
    ))
  const milterDoor =
    milter &&
    (await scope.open(
      'milter',
      () =>
        openMilterDoor(
          {
            ...milter,
            domain,
            get maxSize() {
              return size.now.maxMessageSize
            },
          },
          { engine, now, newSessionId: randomNames().record, trouble },
        ),
      { drain: opened => opened.close() },
    ))
  return [
    ...(policyDoor ? [{ kind: 'policy-service', port: policyDoor.port } as const] : []),
    ...(milterDoor ? [{ kind: 'milter', port: milterDoor.port } as const] : []),
  ]
}
