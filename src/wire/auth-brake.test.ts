// Guesses on a line with many people, at the brake itself: a client that was right at an address is never stopped for what others guess,
// from wherever; no client has the whole line's budgets, nor the whole room of attempts that wait.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { MemoryCounters } from '../drivers/counters/memory.ts'
import { memoryLeases } from '../drivers/directory/leases-memory.ts'
import { authBrake, type Looked } from './auth-brake.ts'
import { knownSources } from './known-sources.ts'

const PROF = 'login prof@isp.example'
/** Of each: where the owner was right, another user on the same line, and a desk that was not used. */
const LINES = {
  'a campus of a /16': ['198.18.0.0/16', '198.18.77.7', '198.18.3.4', '198.18.200.1'],
  'a business with a /28': ['203.0.113.0/28', '203.0.113.2', '203.0.113.3', '203.0.113.4'],
  'a site with a /48 of IPv6': [
    '2001:db8:1::/48',
    '2001:db8:1:7::1',
    '2001:db8:1:8::1',
    '2001:db8:1:9::1',
  ],
} as const

const turnOfTheLoop = () => new Promise(resolve => setImmediate(resolve))
/** So that what is looked at is known before. */
const turnsOfTheLoop = async () => {
  for (let i = 0; i < 10; i++) await turnOfTheLoop()
}

function scene(prefixes: readonly string[]) {
  let steady = 0
  const brake = authBrake({
    leases: memoryLeases(
      prefixes.map(prefix => ({ realm: 'main', prefix, subscriber: 'site', from: 0 })),
    ),
    known: knownSources(new MemoryCounters(), () => 0),
    steady: () => steady,
    pause: turnsOfTheLoop,
  })
  const guess = (address: string, account = PROF) => ({
    account,
    subscriber: 'site',
    client: { realm: 'main', address, port: 4000 },
  })
  const say = async (address: string, outcome: Looked, account = PROF) =>
    (await brake.attempt(guess(address, account), async () => outcome)).outcome
  const wrong = async (count: number, address: string, account = PROF) => {
    const said: string[] = []
    for (let i = 0; i < count; i++) said.push(await say(address, 'wrong', account))
    return said.filter(one => one === 'wrong').length
  }
  return { brake, guess, say, wrong, pass: (ms: number) => void (steady += ms) }
}

for (const [name, [prefix, own, other, fresh]] of Object.entries(LINES))
  test(`${name}: one of its people guesses, and the owner is let in, at the own desk and at another`, async () => {
    const { say, wrong } = scene([prefix])
    assert.equal(await say(own, 'right'), 'right')
    assert.equal(await wrong(80, other), 60)
    assert.equal(await say(own, 'right'), 'right')
    assert.equal(await say(fresh, 'right'), 'right')
  })

test('a line of two leases: who guesses at one of them does not stop the other', async () => {
  const { say, wrong } = scene(['203.0.113.7/32', '203.0.113.9/32'])
  assert.equal(await wrong(80, '203.0.113.9'), 60)
  assert.equal(await say('203.0.113.7', 'right'), 'right')
})

test('a household is one place, whatever address of its /56 it has', async () => {
  const { wrong } = scene(['2001:db8:17::/56'])
  assert.equal(await wrong(40, '2001:db8:17:1::1'), 40)
  assert.equal(await wrong(40, '2001:db8:17:2::1'), 20)
})

test('all addresses of a campus together: 240 at one login, which who is known there does not spend', async () => {
  const { say, wrong } = scene(['198.18.0.0/16'])
  await say('198.18.77.7', 'right')
  let looked = 0
  for (let i = 0; i < 300; i++) {
    looked += await wrong(2, `198.18.${i % 60}.${i % 250}`)
    // A client that knows a password of its own begins nothing anew for it.
    await say(`198.18.${i % 60}.${i % 250}`, 'right', 'login student@isp.example')
    await say('198.18.77.7', 'right')
  }
  assert.equal(looked, 240)
  assert.equal(await say('198.18.201.1', 'right'), 'stopped')
  assert.equal(await wrong(1, '198.18.77.7'), 1)
  assert.equal(await say('198.18.77.7', 'right'), 'right')
})

test('one address of a campus and many logins: 240', async () => {
  const { say, wrong } = scene(['198.18.0.0/16'])
  let looked = 0
  for (let i = 0; i < 300; i++) looked += await wrong(2, '198.18.3.4', `login user${i}@isp.example`)
  assert.equal(looked, 240)
  assert.equal(await say('198.18.77.7', 'right'), 'right')
})

test('property: whatever others guess, from wherever, a client that was right at an address before is never stopped there', async () => {
  const own = '198.18.77.7'
  const address = fc.oneof(
    fc.constantFrom('198.18.77.8', '198.18.77.6', '198.18.3.4', '192.0.2.1', '2001:db8:9::1'),
    fc.ipV4().filter(one => one !== own),
  )
  const guesses = fc.array(
    fc.record({
      address,
      count: fc.integer({ min: 1, max: 120 }),
      minutes: fc.integer({ min: 0, max: 20 }),
    }),
    { maxLength: 12 },
  )
  const prefix = fc.constantFrom('198.18.0.0/16', '198.18.77.0/28', '198.18.77.7/32', '10.0.0.0/8')
  await fc.assert(
    fc.asyncProperty(prefix, guesses, async (line, all) => {
      const { say, wrong, pass } = scene([line])
      await say(own, 'right')
      for (const one of all) {
        await wrong(one.count, one.address)
        assert.equal(await say(own, 'right'), 'right')
        pass(one.minutes * 60_000)
      }
    }),
    { numRuns: 40 },
  )
})

test('one login, and one network, have a share of the room for those who wait', async () => {
  const { brake, guess } = scene([])
  const ends: ((outcome: Looked) => void)[] = []
  const started = (address: string, account: string) =>
    brake.attempt(guess(address, account), () => new Promise(end => ends.push(end)))
  // Fifteen are looked at, fifty wait, and more are told to come back.
  const many = Array.from({ length: 100 }, () => started('192.0.2.1', PROF))
  const network = Array.from({ length: 300 }, (_, i) =>
    started(`198.51.100.${i % 250}`, `login user${i % 7}@isp.example`),
  )
  const settled = async (attempts: readonly Promise<unknown>[]) => {
    let count = 0
    for (const one of attempts) void one.then(() => count++)
    // A stranger is told when some time has passed.
    for (let i = 0; i < 3; i++) await turnsOfTheLoop()
    return count
  }
  assert.equal(await settled(many), 100 - 15 - 50)
  assert.equal(await settled(network), 300 - 7 * 15 - 50)
  // And another login from another network waits for its own.
  const others = Array.from({ length: 20 }, () => started('203.0.113.1', 'login ann@isp.example'))
  assert.equal(await settled(others), 0)
  while (ends.length > 0) {
    for (const end of ends.splice(0)) end('right')
    await new Promise(resolve => setImmediate(resolve))
  }
  await Promise.all([...many, ...network, ...others])
})
