// Staff isolate and release while the address changes hands, and the router's nft takes its time: nothing waits for anything. When all is
// quiet, whoever has the address now is closed if their own line is isolated, and open if not, whichever came first.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nftables } from '../../src/drivers/network/nftables/nftables.ts'
import { noScanner } from '../../src/drivers/scanners/heuristic.ts'
import type { GivenOrder } from '../../src/model/order.ts'
import { random } from '../../src/simulation/population/random.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { shipped } from '../support/shipped.ts'
import { SlowRouter } from '../support/slow-router.ts'
import { customer } from '../support/small-cordon.ts'

const AT = Date.UTC(2026, 0, 5)
const HOMES = ['anna', 'bert'] as const
const ADDRESSES = ['198.51.100.1', '198.51.100.2'] as const
const STAFF = { kind: 'staff', name: 'eve' } as const

async function scene() {
  let now = AT
  const router = new SlowRouter(() => now)
  const settings = {
    name: 'edge',
    command: [],
    realm: 'main',
    prefixLengths4: [32],
    prefixLengths6: [],
  }
  const cordon = await virtualCordon({
    subscribers: HOMES.map(customer),
    leases: [],
    domains: ['isp.example'],
    forwards: {},
    now: () => now,
    scanner: noScanner,
    routers: [nftables(settings, () => now, router.nft)],
    ...shipped,
  })
  await cordon.engine.ready
  const under = new Set<Promise<unknown>>()
  const start = (work: Promise<unknown>) => {
    const tracked: Promise<unknown> = work.finally(() => under.delete(tracked))
    under.add(tracked)
  }
  const order = (given: GivenOrder['order']) =>
    start(cordon.engine.command({ order: given, actor: STAFF, at: now }))
  const isIsolated = (id: string) =>
    cordon.ledger.cases.inForce(`line:${id}`).some(({ kind }) => kind === 'isolate')
  return {
    cordon,
    router,
    later: () => void (now += 1000),
    move: (address: string, subscriber: string) => {
      const lease = { realm: 'main', prefix: `${address}/32`, subscriber, from: now }
      start(cordon.engine.moveLeases([{ kind: 'open', lease }]))
    },
    toggle: (id: string) => {
      const open = cordon.ledger.cases.open(`line:${id}`)
      if (isIsolated(id) && open) order({ kind: 'release', incident: open.id })
      else order({ kind: 'impose', subject: `line:${id}`, decision: 'isolate', why: 'a race' })
    },
    isIsolated,
    /** All that was begun is done; calls of nft are let go one after the other. */
    quiet: async () => {
      start(cordon.engine.idle())
      for (let idle = 0; idle < 5; ) {
        await new Promise(resolve => setImmediate(resolve))
        const call = router.calls.shift()
        call?.go()
        idle = call || under.size > 0 ? 0 : idle + 1
      }
    },
  }
}

for (const seed of [1, 2, 3])
  test(`orders of staff race leases that move, sequence ${seed}`, async () => {
    const draw = random(`orders and leases ${seed}`)
    const { cordon, router, later, move, toggle, isIsolated, quiet } = await scene()
    const holders = new Map<string, string>()
    for (let step = 0; step < 120; step++) {
      later()
      const address = draw.pick(ADDRESSES)
      const id = draw.pick(HOMES)
      if (draw.chance(0.5)) {
        holders.set(address, id)
        move(address, id)
      } else toggle(id)
      if (draw.chance(0.5)) router.calls.shift()?.go()
      if (draw.chance(0.8)) continue
      await quiet()
      for (const [one, holder] of holders)
        assert.equal(
          router.holds('closed4_32', one),
          isIsolated(holder),
          `step ${step}: ${one} of ${holder}`,
        )
    }
    await quiet()
    await cordon.close()
  })
