// A running Cordon and what is around it, in which every live key of the configuration is given another value in turn; and what the
// looks at several keys have in common.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Config } from '../../src/config/schema.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { freePort } from './free-port.ts'
import { fullMailboxes, hookServer, openOptOuts } from './reload-peers.ts'
import { rcpts, reloadScene, type Scene, submits } from './reload-scene.ts'
import { eventually } from './serve.ts'
import { type Sink, sink } from './smtp-sink.ts'

export type LiveWorld = {
  readonly scene: Scene
  /** The configuration of every test, but for what it changes. */
  readonly base: Readonly<Record<string, unknown>>
  /** Where mail goes at first, and where else it can go. */
  readonly north: Sink & { readonly port: number }
  readonly south: Sink & { readonly port: number }
  readonly hook: Awaited<ReturnType<typeof hookServer>>
  /** Port of a quota service for which every mailbox is full. */
  readonly mailboxFull: number
  /** Beside the base, in this test. */
  current: object
  /** Who sends in this test. */
  me: string
  end(): Promise<void>
}

export type Live = {
  /** Beside the base, before and after. */
  readonly given?: () => unknown
  readonly next: () => unknown
  /** What the server does; `changed` when the new value is in force. */
  readonly look: (changed: boolean) => Promise<unknown>
  readonly before: unknown
  readonly after: unknown
}

export type LiveKeys = Partial<Record<keyof Config, Live>>

export const hash = (password: string) => hashPassword(password, { memory: 8, passes: 1 })

/** With a customer for each of these names, beside anna: what one did in a test is not to be held against another in the next. */
export async function openLiveWorld(customers: readonly string[]): Promise<LiveWorld> {
  const [north, south] = [await sinkSomewhere(), await sinkSomewhere()]
  const hook = await hookServer()
  const customer = async (id: string, name: string) => ({
    id,
    logins: [{ name: `${name}@isp.example`, passwordHash: await hash(name) }],
  })
  const subscribers = [await customer('1', 'anna')]
  for (const name of customers) subscribers.push(await customer(name, name.toLowerCase()))
  const base = {
    hostname: 'mail.isp.example',
    domains: ['isp.example'],
    resolvers: ['127.0.0.1:1'],
    scanner: 'none',
    listeners: [
      { kind: 'inbound', port: 0, trustedXclient: ['127.0.0.1'] },
      { kind: 'submission', port: 0 },
    ],
    http: { console: { port: 0 }, portal: { port: 0 } },
    routes: { '*': { host: '127.0.0.1', port: north.port } },
    mailboxes: ['sink@isp.example'],
    subscribers,
    nftables: [{ command: ['true'], consumers: ['203.0.113.0/24'] }],
  }
  const dataFolder = (folder: string) => join(folder, 'data')
  const scene = await reloadScene(async folder => {
    await openOptOuts(dataFolder(folder), ['false', 'true'])
    return { ...base, dataFolder: dataFolder(folder) }
  })
  return {
    scene,
    base: { ...base, dataFolder: dataFolder(scene.folder) },
    north,
    south,
    hook,
    mailboxFull: await fullMailboxes(),
    current: {},
    me: '',
    end: async () => {
      await scene.end()
      for (const one of [north, south]) one.stop()
      hook.close()
    },
  }
}

async function sinkSomewhere() {
  const port = await freePort()
  return { ...(await sink('127.0.0.1', port)), port }
}

let names = 0
/** A word that no test has had. */
export const fresh = (what: string) => `${what}${++names}`

/** Sends a message of this subject; where it arrives. */
export async function arrives(
  { scene, north, south, me }: LiveWorld,
  subject: string,
): Promise<'north' | 'south'> {
  const mail = `Subject: ${subject}\r\n\r\nhello\r\n`
  assert.match(await submits(scene.submission, me, ['x@meadow.example'], mail), /^250/)
  const at = (where: Sink) => where.taken().some(one => one.includes(`: ${subject}\n`))
  return eventually(() => (at(north) ? 'north' : at(south) ? 'south' : undefined))
}

/** The codes of RCPT to each of them, from outside. */
export const codesOf = ({ scene }: LiveWorld, ...to: string[]) => rcpts(scene.inbound, to)
