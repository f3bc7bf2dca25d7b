// Another program flushes the router's sets, or reloads the whole table: with a real nft, and without the comparison of each minute.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import type { OpenRouter } from '../../src/drivers/network/network-driver.ts'
import { baseTable } from '../../src/drivers/network/nftables/base-table.ts'
import { linuxRouters } from '../../src/drivers/network/nftables/driver.ts'
import {
  followForeignChanges,
  reconcile,
  type ReconcileParts,
} from '../../src/engine/network/reconcile.ts'
import type { Decision } from '../../src/model/decision.ts'
import { HOUR } from '../../src/model/duration.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'
import { eventually } from '../support/serve.ts'

const NAMESPACE = `cordon-flush-${process.pid}`
const NFT = ['ip', 'netns', 'exec', NAMESPACE, 'nft'] as const
const LENGTHS = { prefixLengths4: [32], prefixLengths6: [56] }
const nft = (...args: readonly string[]) =>
  execFileSync(NFT[0], [...NFT.slice(1), ...args], { encoding: 'utf8' })
const holds = (set: string, address: string) =>
  nft('list', 'set', 'inet', 'cordon', set).includes(address)
const isRight = () =>
  holds('expert4_32', '192.0.2.7') &&
  holds('closed4_32', '192.0.2.8') &&
  holds('garden4_32', '192.0.2.8')

function load(): void {
  const table = baseTable({
    consumers: ['192.0.2.0/24'],
    servers: [],
    ...LENGTHS,
    redirect25: 'same-server',
    redirectTo: { addresses: [], port: 587 },
    noticePage: { addresses: [], port: 80 },
    wormPorts: [],
    expertRate: 600,
    logGroup: 25,
  })
  execFileSync(NFT[0], [...NFT.slice(1), '-f', '-'], { input: table })
}

let router: OpenRouter
const trouble: string[] = []
before(() => {
  execFileSync('ip', ['netns', 'add', NAMESPACE])
  load()
})
after(async () => {
  await router?.close?.()
  spawnSync('ip', ['netns', 'delete', NAMESPACE])
})

const subscriber = (id: string, plan: Subscriber['plan']): Subscriber => ({
  id,
  plan,
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})
const lease = (prefix: string, id: string) => ({ realm: 'main', prefix, subscriber: id, from: 0 })
const ISOLATED: Decision = {
  id: 'd1',
  incident: 'i1',
  subject: 'line:kd2',
  kind: 'isolate',
  at: Date.now(),
  until: Date.now() + HOUR,
  by: 'staff',
}

test('what another program takes off is put on again without waiting for the minute', async () => {
  const heldIn = () => assert.fail('a router that can be asked writes nothing down')
  const settings = { name: 'r', command: NFT, realm: 'main', ...LENGTHS }
  router = linuxRouters.open(settings, { now: Date.now, heldIn })
  const parts: ReconcileParts = {
    cases: { inForce: subject => (subject === ISOLATED.subject ? [ISOLATED] : []) },
    leases: memoryLeases([lease('192.0.2.7/32', 'kd1'), lease('192.0.2.8/32', 'kd2')]),
    subscribers: memorySubscribers([subscriber('kd1', 'expert'), subscriber('kd2', 'consumer')]),
    drivers: [router],
    turns: new Map(),
    reporter: { note: () => undefined },
    now: Date.now,
    trouble: error => void trouble.push(String(error)),
  }
  followForeignChanges(parts, work => void work)
  await reconcile(parts)
  assert.ok(isRight())
  const flush = (set: string) => () => nft('flush', 'set', 'inet', 'cordon', set)
  // The monitor hears only from when it has begun: each round until one is heard.
  for (const change of [flush('expert4_32'), flush('closed4_32'), flush('garden4_32'), load])
    await eventually(async () => {
      // A run of ours that changes nothing hides no change of another program's.
      await router.watch?.([])
      change()
      for (let i = 0; i < 20 && !isRight(); i++) await new Promise(done => setTimeout(done, 100))
      return isRight() ? true : undefined
    }, 15)
  assert.deepEqual([trouble, router.worries?.()], [[], []])
})
