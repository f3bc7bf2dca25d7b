// Every live key of the configuration is changed once in a running Cordon, and is seen in force by what the server then does. Those that
// wait for a restart are in reload-other-keys.test.ts.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { liveness } from '../../src/app/liveness.ts'
import type { Config } from '../../src/config/schema.ts'
import { configSchema } from '../../src/config/schema.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import {
  certificateIn,
  countries,
  ehloOf,
  greeted,
  loggedIn,
  rcpts,
  reloadScene,
  type Scene,
  shownCertificate,
  submits,
} from '../support/reload-scene.ts'
import { fullMailboxes, hookServer, openOptOuts, slowExchanger } from '../support/reload-peers.ts'
import { eventually } from '../support/serve.ts'
import { freePort } from '../support/free-port.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'

const STRANGER = '198.51.100.7'
const hash = (password: string) => hashPassword(password, { memory: 8, passes: 1 })
let scene: Scene
let base: Record<string, unknown>
let [north, south] = [] as Sink[]
let hook: Awaited<ReturnType<typeof hookServer>>
const ports = { north: 0, south: 0, mailboxFull: 0 }

before(async () => {
  ports.north = await freePort()
  ports.south = await freePort()
  north = await sink('127.0.0.1', ports.north)
  south = await sink('127.0.0.1', ports.south)
  hook = await hookServer()
  ports.mailboxFull = await fullMailboxes()
  const customer = async (id: string, name: string) => ({
    id,
    logins: [{ name: `${name}@isp.example`, passwordHash: await hash(name) }],
  })
  const subscribers = [await customer('1', 'anna')]
  // What one did in a test is not to be held against another in the next.
  for (const key of Object.keys(LIVE)) subscribers.push(await customer(key, key.toLowerCase()))
  scene = await reloadScene(async folder => {
    await openOptOuts(join(folder, 'data'), ['false', 'true'])
    base = {
      hostname: 'mail.isp.example',
      dataFolder: join(folder, 'data'),
      domains: ['isp.example'],
      resolvers: ['127.0.0.1:1'],
      scanner: 'none',
      listeners: [
        { kind: 'inbound', port: 0, trustedXclient: ['127.0.0.1'] },
        { kind: 'submission', port: 0 },
      ],
      http: { console: { port: 0 }, portal: { port: 0 } },
      routes: { '*': { host: '127.0.0.1', port: ports.north } },
      mailboxes: ['sink@isp.example'],
      subscribers,
      nftables: [{ command: ['true'], consumers: ['203.0.113.0/24'] }],
    }
    return base
  })
})
after(async () => {
  await scene.end()
  north?.stop()
  south?.stop()
  hook.close()
})

type Live = {
  /** Beside the base, before and after. */
  readonly given?: () => unknown
  readonly next: () => unknown
  /** What the server does; `changed` when the new value is in force. */
  readonly look: (changed: boolean) => Promise<unknown>
  readonly before: unknown
  readonly after: unknown
}

const arrives = async (subject: string): Promise<string> => {
  const mail = `Subject: ${subject}\r\n\r\nhello\r\n`
  assert.match(await submits(scene.submission, me, ['x@meadow.example'], mail), /^250/)
  const at = (where: Sink | undefined) => where?.taken().some(one => one.includes(`: ${subject}\n`))
  return eventually(() => (at(north) ? 'north' : at(south) ? 'south' : undefined))
}

/** Does a message to four destinations open several connections at once? */
async function atOnce(): Promise<boolean> {
  const exchanger = await slowExchanger()
  const names = ['a', 'b', 'c', 'd'].map(name => `${name}.meadow.example`)
  const routes = Object.fromEntries(
    names.map((name, i) => [name, { host: `127.0.0.${i + 1}`, port: exchanger.port }]),
  )
  await scene.reload({ ...base, ...current, routes })
  const to = names.map(name => `x@${name}`)
  assert.match(await submits(scene.submission, me, to), /^250/)
  await eventually(() => (exchanger.seen() === 4 ? true : undefined))
  exchanger.close()
  return exchanger.most() > 1
}
let current: object = {}
/** Who sends in this test. */
let me = ''

async function twoReplies(): Promise<string[]> {
  const replies: string[] = []
  for (const to of ['x@meadow.example', 'y@meadow.example'])
    replies.push((await submits(scene.submission, me, [to])).slice(0, 3))
  return replies
}

let names = 0
const fresh = (what: string) => `${what}${++names}`
const codesOf = (...to: string[]) => rcpts(scene.inbound, to)
const held = async (login: string) =>
  (await scene.ask<unknown[]>(`/api/v1/queue?state=held&login=${login}`)).length > 0

const attached = `Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name="a.foo"\r\nContent-Disposition: attachment; filename="a.foo"\r\n\r\nx\r\n`

/** A zone where it is another day of the calendar than in UTC. */
const elsewhere = new Date().getUTCHours() >= 10 ? 'Pacific/Kiritimati' : 'Etc/GMT+12'

const LIVE: Partial<Record<keyof Config, Live>> = {
  maxMessageSize: {
    next: () => 12_345,
    look: async () => /SIZE (\d+)/.exec(await ehloOf(scene.inbound))?.[1],
    before: '50000000',
    after: '12345',
  },
  maxRecipients: {
    next: () => 1,
    look: () => codesOf('sink@isp.example', 'anna@isp.example'),
    before: ['250', '250'],
    after: ['250', '452'],
  },
  connections: {
    next: () => ({ perAddress: 1 }),
    look: async () => {
      // Sessions that were left are noticed a moment later.
      const first = await eventually(() => greeted(scene.inbound).catch(() => undefined))
      const second = await greeted(scene.inbound).catch(() => undefined)
      for (const one of [first, second]) one?.end()
      return second !== undefined
    },
    before: true,
    after: false,
  },
  certificate: {
    next: () => certificateIn(scene.folder, 'other.isp.example'),
    look: () => shownCertificate(scene.submission, 'mail.isp.example'),
    before: 'mail.isp.example',
    after: 'other.isp.example',
  },
  certificates: {
    next: async () => [await certificateIn(scene.folder, 'further.isp.example')],
    look: () => shownCertificate(scene.submission, 'further.isp.example'),
    before: 'mail.isp.example',
    after: 'further.isp.example',
  },
  routes: {
    next: () => ({ '*': { host: '127.0.0.1', port: ports.south } }),
    look: () => arrives(fresh('routed')),
    before: 'north',
    after: 'south',
  },
  mailboxStore: {
    next: () => ({ host: '127.0.0.1', port: ports.south }),
    look: async () => {
      const taken = south?.taken().length ?? 0
      const done = scene.events.length
      await submits(scene.submission, me, ['sink@isp.example'])
      await eventually(() => scene.events.slice(done).find(({ kind }) => kind === 'delivery-done'))
      return (south?.taken().length ?? 0) > taken
    },
    before: false,
    after: true,
  },
  delivery: { next: () => ({ atOnce: 1 }), look: atOnce, before: true, after: false },
  forwards: {
    next: () => ({ 'away@isp.example': ['friend@meadow.example'] }),
    look: async () => {
      const [code] = await codesOf('away@isp.example')
      if (code !== '250') return code
      const session = await greeted(scene.inbound)
      const taken = north?.taken().length ?? 0
      for (const line of ['MAIL FROM:<a@meadow.example>', 'RCPT TO:<away@isp.example>', 'DATA'])
        await session.say(`${line}\r\n`)
      await session.say('Subject: x\r\n\r\nhello\r\n.\r\n')
      session.end()
      return eventually(() => ((north?.taken().length ?? 0) > taken ? 'north' : undefined))
    },
    before: '550',
    after: 'north',
  },
  mailboxes: {
    next: () => ['sink@isp.example', 'abuse@isp.example'],
    look: () => codesOf('abuse@isp.example'),
    before: ['550'],
    after: ['250'],
  },
  traps: {
    next: () => ['never@isp.example', 'never@meadow.example'],
    look: async () => {
      const codes = await codesOf('never@isp.example')
      const done = scene.events.length
      await submits(scene.submission, me, ['never@meadow.example'])
      await scene.cordon.engine.idle()
      const cells = scene.events.slice(done).map(one => ('cell' in one ? one.cell : ''))
      return [...codes, cells.includes('message/trap')]
    },
    before: ['550', false],
    after: ['250', true],
  },
  subscribers: {
    next: async () => [
      ...(base['subscribers'] as object[]),
      { id: '3', logins: [{ name: 'cleo@isp.example', passwordHash: await hash('cleo') }] },
    ],
    look: async () => {
      const session = await loggedIn(scene.submission, 'cleo@isp.example')
      session.end()
      return [session.code, ...(await codesOf('cleo@isp.example'))]
    },
    before: ['535', '550'],
    after: ['235', '250'],
  },
  leases: {
    next: () => [{ prefix: '203.0.113.9', subscriber: '1' }],
    look: async () =>
      (await scene.ask<{ subscriber?: string }>('/api/v1/who?address=203.0.113.9')).subscriber,
    before: undefined,
    after: '1',
  },
  passwords: {
    given: () => ({
      subscribers: [
        { id: '1', logins: [{ name: 'anna@isp.example' }, { name: 'dora@isp.example' }] },
      ],
    }),
    next: async () => {
      const file = join(scene.folder, 'passwords')
      writeFileSync(file, `dora@isp.example:${await hash('dora')}\n`)
      return { file, scram: false }
    },
    look: async () => {
      const session = await loggedIn(scene.submission, 'dora@isp.example')
      session.end()
      return session.code
    },
    before: '535',
    after: '235',
  },
  rules: {
    next: () => ({ 'recipient-exists': 'off' }),
    look: () => codesOf('nobody@isp.example'),
    before: ['550'],
    after: ['250'],
  },
  limits: {
    next: () => ({ consumer: { messagesPerHour: 1 } }),
    look: async () => {
      for (const to of ['x@meadow.example', 'y@meadow.example'])
        await submits(scene.submission, me, [to])
      return held(me)
    },
    before: false,
    after: true,
  },
  access: {
    next: () => ({ entries: [{ match: { sender: ['friend@meadow.example'] }, action: 'reject' }] }),
    look: () => codesOf('sink@isp.example'),
    before: ['250'],
    after: ['550'],
  },
  strangers: {
    given: () => ({ rules: { greylist: 'enforce' } }),
    next: () => ({ greylist: { delay: '0s' } }),
    look: async () => {
      const twice = [await rcpts(scene.inbound, ['sink@isp.example'], STRANGER)]
      twice.push(await rcpts(scene.inbound, ['sink@isp.example'], STRANGER))
      return twice[1]
    },
    before: ['450'],
    after: ['250'],
  },
  attachments: {
    given: () => ({ rules: { attachment: 'enforce' } }),
    next: () => ({ refused: ['foo'] }),
    look: async () =>
      (await submits(scene.submission, me, ['x@meadow.example'], attached)).slice(0, 3),
    before: '250',
    after: '554',
  },
  quotas: {
    next: () => [{ name: 'none', per: ['login'], limit: 1, in: '1h', over: 'reject' }],
    look: () => twoReplies(),
    before: ['250', '250'],
    after: ['250', '550'],
  },
  timeZone: {
    given: () => ({
      quotas: [{ name: 'daily', per: ['login'], limit: 1, in: 'day', over: 'reject' }],
    }),
    next: () => elsewhere,
    // It is another day there, and one more is let in.
    look: () => twoReplies(),
    before: ['250', '550'],
    after: ['250', '550'],
  },
  quotaStatus: {
    next: () => ({ port: ports.mailboxFull }),
    look: () => rcpts(scene.inbound, ['anna@isp.example'], STRANGER),
    before: ['250'],
    after: ['552'],
  },
  geo: {
    given: async () => ({
      access: { entries: [{ match: { country: ['xy'] }, action: 'reject' }] },
      geo: { country: await countries(scene.folder, '203.0.113.0/24') },
    }),
    next: async () => ({ country: await countries(scene.folder, '198.51.100.0/24') }),
    look: () => rcpts(scene.inbound, ['sink@isp.example'], STRANGER),
    before: ['250'],
    after: ['550'],
  },
  optOut: {
    next: () => ({ hook: { url: hook.url, secret: 'sixteen letters or more' } }),
    look: async changed => {
      const before = hook.seen.length
      const order = { kind: 'end-opt-out', id: String(changed) } as const
      const actor = { kind: 'staff', name: 'the test' } as const
      const { done, text } = await scene.cordon.engine.command({ order, actor, at: Date.now() })
      assert.ok(done, text)
      if (changed) await eventually(() => (hook.seen.length > before ? true : undefined))
      return hook.seen.length > before
    },
    before: false,
    after: true,
  },
  rollout: {
    next: () => ({ parts: [{ name: 'north', prefixes: ['203.0.113.0/25'], date: '2026-12-15' }] }),
    look: async () => (await scene.ask<unknown[]>('/api/v1/rollouts')).length,
    before: 0,
    after: 1,
  },
}

/** Parts of a section that another part of the server reads. */
const MORE: readonly (readonly [keyof Config, Live])[] = [
  [
    'passwords',
    {
      next: () => ({ scram: true }),
      look: async () => {
        const session = await greeted(scene.submission)
        await session.say('STARTTLS\r\n')
        await session.secure()
        const offered = await session.say('EHLO home.example\r\n')
        session.end()
        return offered.includes('SCRAM-SHA-256')
      },
      before: false,
      after: true,
    },
  ],
  [
    'rules',
    {
      // Delivery reads it as well: senders of our mail bear a tag.
      next: () => ({ 'bounce-control': 'observe' }),
      look: async () => {
        const subject = fresh('tagged')
        await arrives(subject)
        const mail = north?.taken().find(one => one.includes(`: ${subject}\n`))
        return /prvs=/.test(mail ?? '')
      },
      before: false,
      after: true,
    },
  ],
]

/** These are seen at work in test/e2e/reload-other-keys.test.ts. */
const APART: readonly (keyof Config)[] = ['leaseHistory', 'drainFor']

test('every live key of the schema is here', () => {
  assert.deepEqual(Object.keys(configSchema.shape).toSorted(), [...liveness.keys()].toSorted())
  const live = [...liveness].flatMap(([key, is]) => (is === 'live' ? [key] : []))
  assert.deepEqual([...Object.keys(LIVE), ...APART].toSorted(), live.toSorted())
})

for (const [key, { given = () => ({}), next, look, before, after }] of [
  ...Object.entries(LIVE),
  ...MORE,
])
  test(`${key}: in force after a reload`, async () => {
    current = (await given()) as object
    me = `${key.toLowerCase()}@isp.example`
    await scene.reload({ ...base, ...current })
    assert.deepEqual(await look(false), before, 'before')
    const value = await next()
    current = { ...current, [key]: value }
    const said = await scene.reload({ ...base, ...current })
    assert.match(said, new RegExp(`^${key}\\b`, 'm'))
    assert.doesNotMatch(said, /after a restart/)
    assert.deepEqual(await look(true), after, 'after')
  })
