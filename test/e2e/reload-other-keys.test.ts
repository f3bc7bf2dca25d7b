// Keys of the configuration that a reload cannot put in force are named by it, and change nothing; and the two live ones that need a
// server of their own. The other live ones are in reload-keys.test.ts.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { liveness } from '../../src/app/liveness.ts'
import type { Config } from '../../src/config/schema.ts'
import { systemClock } from '../../src/drivers/clock/clocks.ts'
import { HOUR } from '../../src/model/duration.ts'
import { ehloOf, greeted, rcpts, reloadScene, type Scene } from '../support/reload-scene.ts'
import { eventually } from '../support/serve.ts'

let scene: Scene
let base: Record<string, unknown>
before(async () => {
  scene = await reloadScene(folder => {
    base = {
      hostname: 'mail.isp.example',
      dataFolder: join(folder, 'data'),
      domains: ['isp.example'],
      resolvers: ['127.0.0.1:1'],
      scanner: 'none',
      listeners: [
        { kind: 'inbound', port: 0 },
        { kind: 'submission', port: 0 },
      ],
      http: { console: { port: 0 }, portal: { port: 0 } },
      nftables: [{ command: ['true'] }],
    }
    return base
  })
})
after(() => scene.end())

/** What these wait for is a restart. `look` sees the old value at work. */
const RESTART: Partial<
  Record<keyof Config, { next: () => unknown; look?: () => Promise<unknown> }>
> = {
  hostname: {
    next: () => 'other.isp.example',
    look: async () => /^250-(\S+)/.exec(await ehloOf(scene.inbound))?.[1],
  },
  provider: { next: () => 'Other Net' },
  portal: { next: () => 'another portal' },
  passwordsAt: { next: () => 'the settings of the webmail' },
  dataFolder: { next: () => join(scene.folder, 'elsewhere') },
  domains: {
    next: () => ['isp.example', 'new.example'],
    look: () => rcpts(scene.inbound, ['postmaster@new.example']),
  },
  recipientDelimiter: {
    next: () => '-',
    look: () => rcpts(scene.inbound, ['sink+x@isp.example', 'sink-x@isp.example']),
  },
  listeners: {
    next: () => [...(base['listeners'] as object[]), { kind: 'redirected', port: 0 }],
    look: async () => scene.cordon.places.length,
  },
  policyService: { next: () => ({ port: 0 }) },
  milter: { next: () => ({ port: 0 }) },
  imap: { next: () => ({ listeners: [{ port: 0 }], backEnd: 'imaps://other.isp.example' }) },
  pop3: { next: () => ({ listeners: [{ port: 0 }], backEnd: 'pop3s://other.isp.example' }) },
  list: { next: () => ({ zone: 'other.isp.example', port: 0 }) },
  mailLog: { next: () => [{ file: '/nowhere/mail.log' }] },
  releaser: { next: () => ({ socket: '/nowhere/releaser.sock' }) },
  http: {
    next: () => ({ console: { port: 0 }, portal: { port: 0 }, refusalPages: 'https://a.example/' }),
  },
  clientSetup: { next: () => ({ imap: { host: 'imap.isp.example' } }) },
  language: { next: () => 'de' },
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
  alarms: { next: () => ({ mail: ['noc@isp.example'] }) },
  leaseSkew: { next: () => '3s' },
  budgets: { next: () => ({ holds: 1 }) },
  doorThreads: { next: () => 1 },
  evidence: { next: () => ({ episodes: 'off' }) },
  log: { next: () => 'silent' },
  holdDelivery: { next: () => true },
  giveUpAfter: { next: () => '4d' },
}

test('every key that waits for a restart is here', () => {
  const waiting = [...liveness].flatMap(([key, is]) => (is === 'restart' ? [key] : []))
  assert.deepEqual(Object.keys(RESTART).toSorted(), waiting.toSorted())
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
  const clock = { ...systemClock, real: () => 50 }
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
      (
        await fast.ask<{ subscriber?: string }>(
          `/api/v1/who?address=203.0.113.9&at=${at - HOUR / 2}`,
        )
      ).subscriber
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
