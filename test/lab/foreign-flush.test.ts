// Another program flushes the router's sets or chains, or reloads the whole table: with a real nft, and without the comparison of each minute.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import type { OpenRouter } from '../../src/drivers/network/network-driver.ts'
import { baseTable, type TableSettings } from '../../src/drivers/network/nftables/base-table.ts'
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
const SETTINGS = {
  name: 'r',
  command: NFT,
  realm: 'main',
  consumers: ['192.0.2.0/25', '192.0.2.128/25', '2001:db8::/33'],
  servers: ['203.0.113.25'],
  prefixLengths4: [32],
  prefixLengths6: [56],
  redirect25: 'same-server',
  redirectTo: { addresses: [], port: 587 },
  noticePage: { addresses: [], port: 80 },
  wormPorts: ['445'],
  expertRate: 600,
  logGroup: 25,
} as const
const nft = (...args: readonly string[]) =>
  execFileSync(NFT[0], [...NFT.slice(1), ...args], { encoding: 'utf8' })
const holds = (set: string, address: string) =>
  nft('list', 'set', 'inet', 'cordon', set).includes(address)
const isRight = () =>
  holds('expert4_32', '192.0.2.7') &&
  holds('closed4_32', '192.0.2.8') &&
  holds('garden4_32', '192.0.2.8')

function load(settings: Partial<TableSettings> = {}): void {
  const input = baseTable({ ...SETTINGS, ...settings })
  execFileSync(NFT[0], [...NFT.slice(1), '-f', '-'], { input })
}

/** What is decided about single lines left out, and the numbers that the kernel gives. */
const rules = () =>
  nft('list', 'table', 'inet', 'cordon').replaceAll(
    /\n\t+elements = \{[^}]*(?:timeout|expires)[^}]*\}/g,
    '',
  )

const isThere = () => nft('list', 'tables').includes('table inet cordon')

let router: OpenRouter
let isOff = false
const trouble: string[] = []
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

const partsOf = (driver: OpenRouter): ReconcileParts => ({
  cases: { inForce: subject => (subject === ISOLATED.subject ? [ISOLATED] : []) },
  leases: memoryLeases([lease('192.0.2.7/32', 'kd1'), lease('192.0.2.8/32', 'kd2')]),
  subscribers: memorySubscribers([subscriber('kd1', 'expert'), subscriber('kd2', 'consumer')]),
  drivers: [driver],
  turns: new Map(),
  off: { get: () => (isOff ? { id: 'r' } : undefined) },
  reporter: { note: () => undefined },
  now: Date.now,
  trouble: error => void trouble.push(String(error)),
})

before(async () => {
  execFileSync('ip', ['netns', 'add', NAMESPACE])
  load()
  const heldIn = () => assert.fail('a router that can be asked writes nothing down')
  router = linuxRouters.open(SETTINGS, { now: Date.now, heldIn })
  const parts = partsOf(router)
  followForeignChanges(parts, work => void work)
  await reconcile(parts)
  assert.ok(isRight())
})
after(async () => {
  await router?.close?.()
  spawnSync('ip', ['netns', 'delete', NAMESPACE])
})

test('what another program takes off is put on again without waiting for the minute', async () => {
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

test('rules and fixed prefixes that another program takes out are loaded again, and that is said', async () => {
  const printed = rules()
  const delRule = (chain: string) => () => {
    const [, handle] =
      /reset.*# handle (\d+)|@closed4_32.*# handle (\d+)/
        .exec(nft('-a', 'list', 'chain', 'inet', 'cordon', chain))
        ?.flatMap(one => one ?? []) ?? []
    nft('delete', 'rule', 'inet', 'cordon', chain, 'handle', handle ?? '')
  }
  const damages = [
    () => nft('flush', 'chain', 'inet', 'cordon', 'forward'),
    () => nft('flush', 'chain', 'inet', 'cordon', 'port25'),
    delRule('port25'),
    delRule('refuse'),
    () => nft('flush', 'set', 'inet', 'cordon', 'consumers4'),
    () => nft('add', 'element', 'inet', 'cordon', 'servers4', '{ 198.51.100.1 }'),
    () => nft('add', 'table', 'inet', 'cordon', '{ flags dormant; }'),
  ]
  for (const [i, damage] of damages.entries()) {
    damage()
    assert.notEqual(rules(), printed, `damage ${i} changes nothing`)
    await eventually(async () => (rules() === printed ? true : undefined), 15)
    assert.ok(isRight(), `damage ${i}`)
  }
  await eventually(async () => {
    const [worry, ...more] = router.worries?.() ?? []
    const isSaid = worry?.what === 'rules loaded again' && /changed them 7 times/.test(worry.words)
    return isSaid && more.length === 0 ? true : undefined
  }, 15)
  assert.deepEqual(trouble, [])
})

test('what cannot be loaded again is not shown as enforced; a table of another print, and rules of others, are said and left', async () => {
  const shown = async () => (await router.list()).map(({ standing }) => standing ?? 'enforced')
  const said = () => router.worries?.().map(({ what }) => what)
  assert.deepEqual(await shown(), ['enforced', 'enforced'])
  nft('insert', 'rule', 'inet', 'cordon', 'port25', 'tcp', 'dport', '25', 'counter', 'accept')
  assert.deepEqual(await shown(), ['enforced', 'enforced'])
  assert.ok(said()?.includes('table differs'))
  assert.match(nft('list', 'chain', 'inet', 'cordon', 'port25'), /counter/)
  load({ expertRate: 700 })
  await eventually(async () => (isRight() ? true : undefined), 15)
  assert.deepEqual(await shown(), ['enforced', 'enforced'])
  nft('flush', 'chain', 'inet', 'cordon', 'forward')
  assert.deepEqual(await shown(), ['unsure', 'unsure'])
  assert.equal(await router.repair?.(), false)
  assert.deepEqual(said(), ['rules gone', 'table differs'])
})

test('a table that is gone as a whole is loaded again, with what a rollout only watches, and one of another program is left alone', async () => {
  load()
  await eventually(async () => (isRight() ? true : undefined), 15)
  await router.list()
  await router.watch?.(['192.0.2.128/25'])
  nft('add', 'table', 'ip', 'own')
  const printed = rules()
  nft('delete', 'table', 'inet', 'cordon')
  await eventually(async () => (isThere() && isRight() ? true : undefined), 15)
  assert.equal(rules(), printed)
  assert.match(nft('list', 'tables'), /table ip own/)
  nft('flush', 'ruleset')
  await eventually(async () => (isThere() && isRight() ? true : undefined), 15)
  assert.equal(router.failure?.(), undefined)
  assert.doesNotMatch(nft('list', 'tables'), /own/)
  assert.deepEqual(
    router.worries?.().map(({ what }) => what),
    ['rules loaded again'],
  )
})

test('a table that must not be loaded again, or cannot be: nothing is shown as enforced, and it says why', async t => {
  const there = await router.list()
  assert.equal(there.length, 2)
  // An order has taken everything off before: it stays gone, and what stood there is in doubt.
  isOff = true
  t.after(() => void (isOff = false))
  nft('delete', 'table', 'inet', 'cordon')
  await eventually(async () => (router.failure?.() === undefined ? undefined : true), 15)
  assert.ok(!isThere())
  assert.match(router.failure?.() ?? '', /inet cordon is not loaded there/)
  const [held] = await router.list('kd2')
  assert.deepEqual([held?.standing, held?.words], ['unsure', router.failure?.()])
  assert.deepEqual(
    router
      .worries?.()
      .map(({ what }) => what)
      .slice(0, 1),
    ['router silent'],
  )
  // One of another print is not ours to load, and neither is one that this Cordon has not seen.
  load({ expertRate: 700 })
  await router.list()
  nft('delete', 'table', 'inet', 'cordon')
  await router.list().catch(() => undefined)
  assert.equal(await router.repair?.(), false)
  const heldIn = () => assert.fail('a router that can be asked writes nothing down')
  const fresh = linuxRouters.open(SETTINGS, { now: Date.now, heldIn })
  await fresh.list().catch(() => undefined)
  assert.equal(await fresh.repair?.(), false)
  assert.match(fresh.failure?.() ?? '', /load what "cordon router table" prints/)
  await fresh.close?.()
  assert.ok(!isThere())
})
