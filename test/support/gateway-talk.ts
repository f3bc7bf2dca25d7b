// What a gateway of a small Cordon is given, and a client that says what it is told.

import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { connect } from 'node:tls'
import type { GatewaySettings } from '../../src/gateway/gateway.ts'
import type { Engine } from '../../src/ports/engine.ts'
import type { DoorParts } from '../../src/wire/door.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import { type CapSettings, connectionCaps } from '../../src/wire/connection-caps.ts'
import { sessionTable } from '../../src/wire/session-table.ts'
import { NOW } from './small-cordon.ts'
import { identity, testLogins, testLoginsElsewhere } from './smtp-door.ts'

export async function gatewayParts(
  engine: Engine,
  { caps, settings }: { readonly caps: CapSettings; readonly settings: Partial<GatewaySettings> },
) {
  const troubles: unknown[] = []
  const sessions = sessionTable()
  const parts: DoorParts<GatewaySettings> = {
    engine,
    logins: testLogins(engine),
    loginsElsewhere: testLoginsElsewhere(engine),
    caps: connectionCaps(caps),
    turns: commandTurns(),
    sessions,
    identity: await identity(),
    now: () => NOW,
    newSessionId: () => 'test',
    settings: () => ({
      ourName: 'mail.isp.example',
      domain: 'isp.example',
      maxSize: 100_000,
      maxRecipients: 3,
      ...settings,
    }),
    trouble: (error, about) => troubles.push(`${about}: ${String(error)}`),
  }
  return { parts, sessions, troubles }
}

export type GatewayTalk = {
  /** All that was heard and not waited for. */
  heard(): string
  say(text: string): void
  /** Resolves with what was heard up to the end of the first match. */
  until(pattern: RegExp): Promise<string>
  readonly ended: Promise<unknown>
  /** Reads nothing more until it is resumed. */
  pause(): void
  resume(): void
  /** It says no more, and still reads. */
  closeSide(): void
  /** Without having read, as a connection that breaks. */
  reset(): void
  end(): void
}

/** The bound is there to end a test that is red, in ms. */
const PATIENCE = 20_000

/** ms. No conversation of a test takes so long. */
const LONGEST = 30_000

/** A client over TLS. */
export function gatewayTalk(port: number): GatewayTalk {
  const raw = connectPlain(port, '127.0.0.1')
  raw.on('error', () => raw.destroy())
  const socket = connect({ socket: raw, rejectUnauthorized: false })
  socket.on('error', () => socket.destroy())
  let heard = ''
  let wake = () => {}
  socket.setEncoding('latin1')
  socket.on('data', chunk => {
    heard += String(chunk)
    wake()
  })
  // A session that is not ended makes a test red, and does not keep it from ending.
  setTimeout(() => socket.destroy(), LONGEST).unref()
  const ended = once(socket, 'close').then(() => wake())
  const until = async (pattern: RegExp) => {
    const end = performance.now() + PATIENCE
    for (;;) {
      const found = pattern.exec(heard)
      if (found) {
        const text = heard.slice(0, found.index + found[0].length)
        heard = heard.slice(text.length)
        return text
      }
      if (socket.closed) throw new Error(`it ended after ${heard}`)
      if (performance.now() > end)
        throw new Error(`it did not say ${pattern}, but ${heard.slice(0, 500)}`)
      await new Promise<void>(resolve => {
        wake = resolve
        setTimeout(resolve, PATIENCE).unref()
      })
    }
  }
  return {
    heard: () => heard,
    say: (text: string) => void socket.write(text, 'latin1'),
    until,
    ended,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    closeSide: () => void socket.end(),
    reset: () => void raw.resetAndDestroy(),
    end: () => socket.destroy(),
  }
}
