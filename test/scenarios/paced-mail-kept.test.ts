// The window in force over time: a restart, a replay, another setting, a store that fails, and what finds no way in days.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import type { SubjectState } from '../../src/ports/subject-state.ts'
import { startReplay } from '../../src/simulation/virtual/replay.ts'
import { memoryLedger } from '../../src/simulation/virtual/virtual-cordon.ts'
import { CUSTOMERS, episodeWorld, LEASES, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const firm = (n: number) => `customer${n}@firm${n}.example`
const many = (n: number, of = firm) => Array.from({ length: n }, (_, i) => of(i))
const ANNA = 'anna@isp.example'
const pacing = { episodes: 'pace' } as const

test('after a restart all of it waits still, and goes', async () => {
  const shared = { states: memoryStates(new MemoryCounters()), ledger: await memoryLedger() }
  const spool = directSpool()
  const first = await episodeWorld({ ...pacing, ...shared, spool })
  for (const to of many(30)) await first.send([to])
  const reached = await first.deliver('smart-host')
  const waiting = await first.paced()
  await first.cordon.engine.idle()
  const second = await episodeWorld({ ...pacing, ...shared, spool, begins: first.now() })
  assert.deepEqual(await second.paced(), waiting)
  await second.send(['late@hill.example'])
  assert.deepEqual(await second.deliver('smart-host'), [], 'it overtakes none')
  const later = await second.pass(4 * HOUR, MINUTE)
  assert.deepEqual([...reached, ...later], [...many(30), 'late@hill.example'])
  await second.cordon.close()
})

test('what is taken for spam and finds no way in five days returns to its sender, once', async () => {
  const world = await episodeWorld(pacing)
  for (const to of many(95)) {
    await world.send([to], SPAM)
    world.wait(MINUTE)
  }
  const reached = await world.pass(7 * DAY, HOUR)
  assert.deepEqual(await world.cordon.spool.list({}), [])
  const letters = reached.filter(to => to === ANNA)
  assert.ok(letters.length > 10, `${letters.length} letters`)
  const expired = world.cordon.journal.filter(
    one => one.kind === 'held-settled' && one.outcome === 'expired',
  )
  assert.equal(letters.length, expired.length)
  await world.cordon.close()
})

test('set to off, what waits goes', async () => {
  const shared = { states: memoryStates(new MemoryCounters()), ledger: await memoryLedger() }
  const spool = directSpool()
  const first = await episodeWorld({ ...pacing, ...shared, spool })
  for (const to of many(30)) await first.send([to])
  const reached = await first.deliver('smart-host')
  const off = await episodeWorld({ episodes: 'off', ...shared, spool, begins: first.now() })
  assert.deepEqual([...reached, ...(await off.pass(MINUTE))], many(30))
  await off.cordon.close()
})

test('a store that fails holds up nothing, and is told of', async () => {
  const failed = async () => ({ failed: 'the disk is gone' })
  const troubles: string[] = []
  const world = await episodeWorld({
    ...pacing,
    states: { load: failed, swap: failed },
    trouble: error => void troubles.push(String(error)),
  })
  await world.send(['one@meadow.example'], SPAM)
  assert.deepEqual(world.verdicts, ['accept'])
  assert.match(troubles.join(), /the disk is gone/)
  assert.deepEqual(await world.deliver('smart-host'), ['one@meadow.example'])
  await world.cordon.close()
})

test('replayed from the journal the records are the same, byte for byte', async () => {
  const states = memoryStates(new MemoryCounters())
  const world = await episodeWorld({ ...pacing, states, knows: ['friend@lake.example'] })
  for (const [n, to] of many(30).entries()) {
    await world.send([to, 'friend@lake.example'], n % 3 === 0 ? SPAM : undefined)
    await world.deliver(n % 4 === 0 ? 'unknown-user' : undefined)
    await world.pass(MINUTE)
  }
  for (const [n, to] of many(20, i => `victim${i}@meadow.example`).entries()) {
    await world.send([to], n % 2 === 0 ? SPAM : undefined, '198.51.100.66')
    await world.pass(3 * MINUTE)
  }
  await world.pass(30 * HOUR, 10 * MINUTE)
  const told = world.cordon.journal.filter(one => one.kind === 'mail-let-go')
  assert.ok(told.some(one => one.byExit) && told.some(one => !one.byExit && one.waited > 0))
  const again = memoryStates(new MemoryCounters())
  const home = { subscribers: CUSTOMERS, leases: LEASES, domains: ['isp.example'], forwards: {} }
  const replay = await startReplay({ ...home, ...shipped, ...pacing, states: again })
  for (const event of world.cordon.journal) await replay.feed(event)
  await replay.end()
  await world.cordon.close()
  const subjects = ['line:anna', 'login:anna@isp.example', 'source:198.51.100.66']
  for (const subject of subjects) {
    const bytes = async (store: SubjectState) => {
      const found = await store.load([`episode:${subject}`])
      return 'states' in found ? Buffer.from(found.states[0]?.bytes ?? []).toString('hex') : ''
    }
    assert.notEqual(await bytes(states), '', subject)
    assert.equal(await bytes(again), await bytes(states), subject)
  }
})
