// Every key of the configuration is changed once in a running Cordon. What is said to be in force is seen to be, by what the server then
// does; what waits for a restart is named, and changes nothing.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { generate } from 'selfsigned'
import { liveness } from '../../src/app/liveness.ts'
import type { Config } from '../../src/config/schema.ts'
import { configSchema } from '../../src/config/schema.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { HOUR } from '../../src/model/duration.ts'
import {
  greeted,
  loggedIn,
  rcpts,
  reloadScene,
  type Scene,
  shownCertificate,
  submits,
} from '../support/reload-scene.ts'
import { eventually, run } from '../support/serve.ts'
import { freePort } from '../support/free-port.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'

const STRANGER = '198.51.100.7'
const hash = (password: string) => hashPassword(password, { memory: 8, passes: 1 })
const optOut = (id: string) => ({
  id,
  code: 'K7-2M9Q',
  subscriber: '1',
  kind: 'destinations',
  destinations: [],
  addresses: [],
  state: 'open',
  askedAt: Date.now(),
  confirmBy: Date.now() + 1000 * HOUR,
})

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
  const full = createServer(socket =>
    socket.on('data', () => socket.write('action=552 5.2.2 full\n\n')).on('error', () => undefined),
  )
  await once(full.listen(0, '127.0.0.1'), 'listening')
  full.unref()
  ports.mailboxFull = (full.address() as AddressInfo).port
  const customer = async (id: string, name: string) => ({
    id,
    logins: [{ name: `${name}@isp.example`, passwordHash: await hash(name) }],
  })
  const subscribers = [await customer('1', 'anna')]
  // What one did in a test is not to be held against another in the next.
  for (const key of Object.keys(LIVE)) subscribers.push(await customer(key, key.toLowerCase()))
  scene = await reloadScene(async folder => {
    mkdirSync(join(folder, 'data'))
    const ledger = await openLedgerFile(join(folder, 'data/ledger.db'))
    for (const id of ['false', 'true'])
      await ledger.putRecord('opt-out', id, JSON.stringify(optOut(id)))
    await ledger.close()
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

/** Takes POSTs and keeps what they say. */
async function hookServer() {
  const seen: string[] = []
  const server = createHttpServer((request, response) => {
    request.on('data', chunk => seen.push(String(chunk)))
    request.on('end', () => response.end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, seen, close: () => void server.close() }
}

type Live = {
  /** Beside the base, before and after. */
  readonly given?: () => object | Promise<object>
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
  const open = new Set<Socket>()
  let [most, seen] = [0, 0]
  const server = createServer(socket => {
    open.add(socket.on('error', () => undefined))
    seen++
    most = Math.max(most, open.size)
    const away = () => {
      open.delete(socket)
      socket.end('421 4.3.2 later\r\n')
    }
    // Whoever may come has come by then; with one at a time all four wait so long.
    setTimeout(away, 1000)
  })
  await once(server.listen(0, '0.0.0.0'), 'listening')
  const { port } = server.address() as AddressInfo
  const names = ['a', 'b', 'c', 'd'].map(name => `${name}.meadow.example`)
  const routes = Object.fromEntries(
    names.map((name, i) => [name, { host: `127.0.0.${i + 1}`, port }]),
  )
  await scene.reload({ ...base, ...current, routes })
  await submits(
    scene.submission,
    me,
    names.map(name => `x@${name}`),
  )
  await eventually(() => (seen >= 4 ? true : undefined))
  server.close()
  return most > 1
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

/** A file of countries that has this prefix only. */
async function placed(prefix: string): Promise<string> {
  const file = join(scene.folder, fresh('places'))
  const writer = join(import.meta.dirname, '../support/mmdb.pl')
  const made = await run('perl', [writer, file, 'country', prefix, 'XY'])
  assert.equal(made.code, 0, made.output)
  return file
}

async function ehlo(): Promise<string> {
  const session = await greeted(scene.inbound)
  session.end()
  return session.ehlo
}

let names = 0
const fresh = (what: string) => `${what}${++names}`
const codesOf = (...to: string[]) => rcpts(scene.inbound, to)
const held = async (login: string) =>
  (await scene.ask<unknown[]>(`/api/queue?state=held&login=${login}`)).length > 0

async function certificate(name: string): Promise<{ key: string; chain: string }> {
  const pem = await generate([{ name: 'commonName', value: name }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  })
  const [key, chain] = ['key', 'chain'].map(kind => join(scene.folder, `${name}.${kind}`))
  assert.ok(key && chain)
  writeFileSync(key, pem.private)
  writeFileSync(chain, pem.cert)
  return { key, chain }
}

const attached = `Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name="a.foo"\r\nContent-Disposition: attachment; filename="a.foo"\r\n\r\nx\r\n`

/** A zone where it is another day of the calendar than in UTC. */
const elsewhere = new Date().getUTCHours() >= 10 ? 'Pacific/Kiritimati' : 'Etc/GMT+12'

const LIVE: Partial<Record<keyof Config, Live>> = {
  maxMessageSize: {
    next: () => 12_345,
    look: async () => /SIZE (\d+)/.exec(await ehlo())?.[1],
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
    next: () => certificate('other.isp.example'),
    look: () => shownCertificate(scene.submission, 'mail.isp.example'),
    before: 'mail.isp.example',
    after: 'other.isp.example',
  },
  certificates: {
    next: async () => [await certificate('further.isp.example')],
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
      (await scene.ask<{ subscriber?: string }>('/api/who?address=203.0.113.9')).subscriber,
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
      geo: { country: await placed('203.0.113.0/24') },
    }),
    next: async () => ({ country: await placed('198.51.100.0/24') }),
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
    look: async () => (await scene.ask<unknown[]>('/api/rollouts')).length,
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

/** What these wait for is a restart. `look` sees the old value at work. */
const RESTART: Partial<
  Record<keyof Config, { next: () => unknown; look?: () => Promise<unknown> }>
> = {
  hostname: {
    next: () => 'other.isp.example',
    look: async () => /^250-(\S+)/.exec(await ehlo())?.[1],
  },
  provider: { next: () => 'Other Net' },
  portal: { next: () => 'another portal' },
  dataFolder: { next: () => join(scene.folder, 'elsewhere') },
  domains: {
    next: () => ['isp.example', 'new.example'],
    look: () => codesOf('postmaster@new.example'),
  },
  listeners: {
    next: () => [...(base['listeners'] as object[]), { kind: 'turned-round', port: 0 }],
    look: async () => scene.cordon.places.length,
  },
  policyService: { next: () => ({ port: 0 }) },
  milter: { next: () => ({ port: 0 }) },
  http: {
    next: () => ({ console: { port: 0 }, portal: { port: 0 }, refusalPages: 'https://a.example/' }),
  },
  resolvers: { next: () => ['127.0.0.1:2'] },
  scanner: { next: () => 'heuristic' },
  scanners: { next: () => ({ timeout: '1s' }) },
  subscriberFeed: { next: () => ({ csv: join(scene.folder, 'customers.csv') }) },
  sharedAddresses: {
    next: () => [{ inside: '100.64.0.0/28', outside: ['203.0.113.1'], portsEach: 1024 }],
  },
  natLog: { next: () => ({ port: 0, sources: ['127.0.0.1'] }) },
  flows: { next: () => ({ port: 0, exporters: ['127.0.0.1'] }) },
  decoys: { next: () => ({ port: 0, addresses: ['127.0.0.1'] }) },
  firewallLog: { next: () => ({ port: 0 }) },
  accessRouters: { next: () => [{ host: '127.0.0.1', port: 1 }] },
  radius: { next: () => ({ port: 0, clients: [{ address: '127.0.0.1', secret: 'x' }] }) },
  kea: { next: () => ({ files: ['/nowhere'], customers: '/nowhere' }) },
  radiusCoa: { next: () => [{ servers: [] }] },
  webhooks: {
    next: () => [{ url: 'https://oss.isp.example/', secret: 'sixteen letters or more' }],
  },
  nftables: { next: () => [] },
  leaseSkew: { next: () => '3s' },
  budgets: { next: () => ({ holds: 1 }) },
  doorThreads: { next: () => 1 },
  log: { next: () => 'silent' },
  holdDelivery: { next: () => true },
  giveUpAfter: { next: () => '4d' },
}

/** These are seen at work by tests of their own, below. */
const APART: readonly (keyof Config)[] = ['leaseHistory', 'drainFor']

test('every key of the schema is here, as what it is', () => {
  const of = (kind: string) => [...liveness].flatMap(([key, is]) => (is === kind ? [key] : []))
  assert.deepEqual(Object.keys(configSchema.shape).toSorted(), [...liveness.keys()].toSorted())
  assert.deepEqual([...Object.keys(LIVE), ...APART].toSorted(), of('live').toSorted())
  assert.deepEqual(Object.keys(RESTART).toSorted(), of('restart').toSorted())
})

for (const [key, { given = () => ({}), next, look, before, after }] of [
  ...Object.entries(LIVE),
  ...MORE,
])
  test(`${key}: in force after a reload`, async () => {
    current = await given()
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

for (const [key, { next, look = async () => undefined }] of Object.entries(RESTART))
  test(`${key}: named as waiting, and as it was`, async () => {
    await scene.reload(base)
    const before = await look()
    const said = await scene.reload({ ...base, [key]: next() })
    const lines = said.split('\n').slice(1)
    assert.ok(lines.length > 0, said)
    for (const line of lines) {
      assert.match(line, new RegExp(`^${key}\\b.* \\(after a restart\\)$`))
    }
    assert.deepEqual(await look(), before)
  })

test('leaseHistory: what was kept is forgotten sooner', async () => {
  const config = (leaseHistory: string) => (folder: string) => ({
    dataFolder: join(folder, 'data'),
    http: { console: { port: 0 }, portal: { port: 0 } },
    resolvers: ['127.0.0.1:1'],
    subscribers: [{ id: '1' }],
    leaseHistory,
  })
  // Chores that are done every ten minutes are done all the time.
  const clock = { now: () => Date.now(), real: () => 50 }
  const fast = await reloadScene(config('30d'), { clock })
  try {
    const at = Date.now() - 2 * HOUR
    const lease = {
      realm: 'main',
      prefix: '203.0.113.9/32',
      subscriber: '1',
      from: at - HOUR,
      to: at,
    }
    const actor = { kind: 'staff', name: 'the test' } as const
    const order = { kind: 'import-leases', leases: [lease] } as const
    const given = await fast.cordon.engine.command({ order, actor, at: Date.now() })
    assert.ok(given.done, given.text)
    const known = async () =>
      (await fast.ask<{ subscriber?: string }>(`/api/who?address=203.0.113.9&at=${at - HOUR / 2}`))
        .subscriber
    assert.equal(await known(), '1')
    await fast.reload(config('1h')(fast.folder))
    await eventually(async () => ((await known()) === undefined ? true : undefined))
  } finally {
    await fast.end()
  }
})

test('drainFor: a shutdown waits no longer than it says now', { timeout: 60_000 }, async () => {
  const config = (drainFor: string) => (folder: string) => ({
    dataFolder: join(folder, 'data'),
    domains: ['isp.example'],
    mailboxes: ['sink@isp.example'],
    http: { console: { port: 0 }, portal: { port: 0 } },
    resolvers: ['127.0.0.1:1'],
    listeners: [
      { kind: 'inbound', port: 0 },
      { kind: 'submission', port: 0 },
    ],
    drainFor,
  })
  const waiting = await reloadScene(config('1h'))
  const session = await greeted(waiting.inbound)
  for (const line of ['MAIL FROM:<a@meadow.example>', 'RCPT TO:<sink@isp.example>', 'DATA'])
    await session.say(`${line}\r\n`)
  await waiting.reload(config('0s')(waiting.folder))
  await waiting.end()
  session.end()
})
