// An oracle beside random sequences of leases that move, isolations, releases and a router that is slow or fails. Who has an address, and
// who is isolated, is kept here; at every quiet point, without the comparison of each minute, no innocent line is closed and no
// contained one is open. After a failure the next comparison may be needed; nothing else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import { nftables } from '../../src/drivers/network/nftables/nftables.ts'
import { leaseMover } from '../../src/engine/network/move-leases.ts'
import { reconcile, type ReconcileParts } from '../../src/engine/network/reconcile.ts'
import type { Decision } from '../../src/model/decision.ts'
import { HOUR, SECOND } from '../../src/model/duration.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'
import { chance } from '../support/chance.ts'
import { SlowRouter } from '../support/slow-router.ts'

const SEEDS = Number(process.env['CORDON_ORACLE_SEEDS'] ?? 5)
const STEPS = 500
const AT = Date.UTC(2026, 0, 5)
const HOMES = 6
const PREFIXES = [1, 2, 3, 4].flatMap(i => [`198.51.100.${i}/32`, `2001:db8:10${i}::/56`])

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

/** Every other one is an expert. */
const home = (_: unknown, i: number): Subscriber => ({
  id: `kd${i + 1}`,
  plan: i % 2 === 0 ? 'consumer' : 'expert',
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})

type ClosedLineWorld = ReturnType<typeof worldOf>

function worldOf() {
  const world = { now: AT, isolated: new Set<string>(), holder: new Map<string, string>() }
  const now = () => world.now
  const router = new SlowRouter(now)
  const homes = Array.from({ length: HOMES }, home)
  const leases = memoryLeases()
  const decision = (id: string): Decision => ({
    id: `d-${id}`,
    incident: 'i',
    subject: `line:${id}`,
    kind: 'isolate',
    at: AT,
    until: AT + 24 * HOUR,
    by: 'staff',
  })
  let failed = false
  const parts: ReconcileParts = {
    cases: {
      inForce: subject => {
        const id = subject.slice('line:'.length)
        return world.isolated.has(id) ? [decision(id)] : []
      },
    },
    leases,
    subscribers: memorySubscribers(homes),
    drivers: [
      nftables(
        { name: 'r', command: [], realm: 'main', prefixLengths4: [32], prefixLengths6: [56] },
        now,
        router.nft,
      ),
    ],
    turns: new Map(),
    reporter: { note: event => void (failed ||= 'failed' in event) },
    now,
    trouble: () => void (failed = true),
  }
  const under = new Set<Promise<void>>()
  const follow = (subscriber?: string) => {
    const work = reconcile(parts, subscriber).finally(() => under.delete(work))
    under.add(work)
  }
  const move = leaseMover({
    leases,
    leaseRows: { putLeases: async () => undefined },
    reporter: { note: () => undefined },
    reconcile: follow,
    now,
  })
  const hasFailed = () => {
    const had = failed
    failed = false
    return had
  }
  return { world, router, homes, leases, follow, move, under, hasFailed }
}

/** What stands in the router against what should, for each address. */
function wrong({ world, router, homes }: ClosedLineWorld): string[] {
  return PREFIXES.flatMap(prefix => {
    const [address = '', bits = ''] = prefix.split('/')
    const set = (kind: string) =>
      router.holds(`${kind}${prefix.includes(':') ? 6 : 4}_${bits}`, address)
    const holder = world.holder.get(prefix)
    const isContained = holder !== undefined && world.isolated.has(holder)
    const isExpert = homes.some(({ id, plan }) => id === holder && plan === 'expert')
    return [
      ...(set('closed') && !isContained ? [`${prefix} of ${holder} is closed`] : []),
      ...(!set('closed') && isContained ? [`${prefix} of ${holder} is not closed`] : []),
      ...(set('expert') !== (isExpert && !isContained) ? [`${prefix}: expert of ${holder}`] : []),
    ]
  })
}

/** All calls that wait are let go, one after the other. */
async function quiet(scene: ClosedLineWorld): Promise<void> {
  for (let idle = 0; idle < 3; ) {
    await settled()
    const call = scene.router.calls.shift()
    if (call) call.go()
    idle = call || scene.under.size > 0 ? 0 : idle + 1
  }
}

async function play(seed: number, { failures }: { readonly failures: boolean }): Promise<void> {
  const random = chance(seed)
  const among = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
  const scene = worldOf()
  const { world, router, homes, follow, move } = scene
  const step = (): unknown => {
    const what = random()
    const { id } = among(homes)
    const prefix = among(PREFIXES)
    if (what < 0.4) {
      world.holder.set(prefix, id)
      return move([
        { kind: 'open', lease: { realm: 'main', prefix, subscriber: id, from: world.now } },
      ])
    }
    const holder = world.holder.get(prefix)
    if (what < 0.55 && holder !== undefined) {
      world.holder.delete(prefix)
      const lease = { realm: 'main', prefix, subscriber: holder, from: AT, to: world.now }
      return move([{ kind: 'close', lease }])
    }
    if (what < 0.8) {
      if (!world.isolated.delete(id)) world.isolated.add(id)
      return follow(id)
    }
    if (what < 0.85) return follow()
    const fails = failures && random() < 0.3 ? among(['before', 'after'] as const) : undefined
    return router.calls.shift()?.go(fails)
  }
  for (let i = 0; i < STEPS; i++) {
    world.now += 1 + Math.floor(random() * SECOND)
    step()
    if (random() < 0.7) await settled()
    if (random() > 0.1) continue
    await quiet(scene)
    if (scene.hasFailed()) {
      follow()
      await quiet(scene)
    }
    assert.deepEqual(wrong(scene), [], `seed ${seed}, step ${i}`)
  }
}

test(`${SEEDS} sequences with a slow router: no innocent line is closed, no contained one open`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) await play(seed, { failures: false })
})

test(`${SEEDS} sequences with a router that also fails, before or after it has done it`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) await play(seed, { failures: true })
})
