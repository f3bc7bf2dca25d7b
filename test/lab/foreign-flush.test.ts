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
import type { Subscriber } from '../../src/model/subscriber.ts'
import { eventually } from '../support/serve.ts'

const NAMESPACE = `cordon-flush-${process.pid}`
const NFT = ['ip', 'netns', 'exec', NAMESPACE, 'nft'] as const
const LENGTHS = { prefixLengths4: [32], prefixLengths6: [56] }
const nft = (...args: readonly string[]) =>
  execFileSync(NFT[0], [...NFT.slice(1), ...args], { encoding: 'utf8' })
const isOpen = () => nft('list', 'set', 'inet', 'cordon', 'expert4_32').includes('192.0.2.7')

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

test('what another program takes off is put on again without waiting for the minute', async () => {
  const heldIn = () => assert.fail('a router that can be asked writes nothing down')
  const settings = { name: 'r', command: NFT, realm: 'main', ...LENGTHS }
  router = linuxRouters.open(settings, { now: Date.now, heldIn })
  const expert: Subscriber = {
    id: 'kd1',
    plan: 'expert',
    flags: [],
    language: 'en',
    contacts: [],
    logins: [],
  }
  const parts: ReconcileParts = {
    cases: { inForce: () => [] },
    leases: memoryLeases([{ realm: 'main', prefix: '192.0.2.7/32', subscriber: 'kd1', from: 0 }]),
    subscribers: memorySubscribers([expert]),
    drivers: [router],
    turns: new Map(),
    reporter: { note: () => undefined },
    now: Date.now,
    trouble: error => void trouble.push(String(error)),
  }
  followForeignChanges(parts, work => void work)
  await reconcile(parts)
  assert.ok(isOpen())
  // The monitor hears only from when it has begun: each round until one is heard.
  for (const change of [() => nft('flush', 'set', 'inet', 'cordon', 'expert4_32'), load])
    await eventually(async () => {
      change()
      for (let i = 0; i < 20 && !isOpen(); i++) await new Promise(done => setTimeout(done, 100))
      return isOpen() ? true : undefined
    })
  assert.deepEqual([trouble, router.worries?.()], [[], []])
})
