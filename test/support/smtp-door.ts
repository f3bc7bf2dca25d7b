// The SMTP door of a small Cordon on a free loopback port.

import { type CommandTurns, commandTurns } from '../../src/wire/command-turns.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSmtpDoor } from '../../src/doors/smtp/server.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { ownKeys } from '../../src/drivers/identity/own-keys.ts'
import type { ListenerKind } from '../../src/model/step.ts'
import type { Engine } from '../../src/ports/engine.ts'
import { authBrake } from '../../src/wire/auth-brake.ts'
import { type CapSettings, connectionCaps } from '../../src/wire/connection-caps.ts'
import { knownSources } from '../../src/wire/known-sources.ts'
import { logins, loginsElsewhere } from '../../src/wire/logins.ts'
import { type SessionTable, sessionTable } from '../../src/wire/session-table.ts'
import { type Identity, tlsIdentity } from '../../src/wire/tls-identity.ts'
import { credentials, NOW } from './small-cordon.ts'

let made: Promise<Identity> | undefined

/** One self-signed certificate for all doors of a test process. */
export function identity(): Promise<Identity> {
  made ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-keys-'))
    const { certificate } = await ownKeys(folder, 'mail.isp.example')
    rmSync(folder, { recursive: true })
    return tlsIdentity([certificate])
  })()
  return made
}

/** The brake of a door nobody is known at. */
export const openBrake = () =>
  authBrake({
    leases: { holder: () => ({ sure: 'unknown' }) },
    known: knownSources(new MemoryCounters(), () => NOW),
  })

export const WIDE = {
  total: 2000,
  perAddress: 1000,
  perNetwork: 1000,
  perLine: 1000,
  perMinute: 100_000,
}

/** The same, for passwords that another server knows. */
export const testLoginsElsewhere = (engine: Engine) =>
  loginsElsewhere({
    brake: openBrake(),
    subscribers: { byLogin: () => undefined },
    engine,
    now: () => NOW,
  })

export const testLogins = (engine: Engine) =>
  logins({
    brake: openBrake(),
    credentials,
    subscribers: { byLogin: () => undefined },
    engine,
    now: () => NOW,
    nonce: () => 'ours',
  })

export type DoorOptions = {
  readonly trouble: (error: unknown) => void
  readonly maxSize?: number
  readonly xclient?: boolean
  readonly scram?: boolean
  readonly greetPause?: number
  readonly sessions?: SessionTable
  readonly implicitTls?: boolean
  readonly caps?: CapSettings
  readonly turns?: CommandTurns
  readonly steady?: () => number
}

export async function testDoor(kind: ListenerKind, engine: Engine, options: DoorOptions) {
  const where = {
    kind,
    address: '127.0.0.1',
    port: 0,
    implicitTls: options.implicitTls ?? false,
    trustedProxies: [],
    trustedXclient: options.xclient ? ['127.0.0.1'] : [],
    bareNewlines: kind === 'inbound' ? ('reject' as const) : ('normalize' as const),
    realm: 'main',
  }
  return openSmtpDoor(where, {
    engine,
    logins: testLogins(engine),
    sessions: options.sessions ?? sessionTable(),
    identity: await identity(),
    caps: connectionCaps(options.caps ?? WIDE),
    turns: options.turns ?? commandTurns(),
    now: () => NOW,
    ...(options.steady ? { steady: options.steady } : {}),
    newSessionId: () => 'test',
    settings: () => ({
      ourName: 'mail.isp.example',
      postmaster: 'postmaster@isp.example',
      maxSize: options.maxSize ?? 10_000,
      maxRecipients: 3,
      scram: options.scram ?? false,
      greetPause: options.greetPause ?? 0,
    }),
    trouble: options.trouble,
  })
}
