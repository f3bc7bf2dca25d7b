// A telephone gets a new address of its carrier's /24, in which others guess: where the login was used rightly in that network before, the
// right password is let in. A neighbour has a few guesses more there, and learns by none of them which logins are used in the network.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../drivers/counters/memory.ts'
import { memoryLeases } from '../drivers/directory/leases-memory.ts'
import { authBrake, type Looked } from './auth-brake.ts'
import { knownSources } from './known-sources.ts'

const ANN = 'login ann@isp.example'
const BERT = 'login bert@isp.example'
/** Of each network an address where the login was right, a new one, and one of a neighbour that guesses; and the last of another network. */
const NETWORKS = {
  'a /24': ['203.0.113.7', '203.0.113.99', (i: number) => `203.0.113.${100 + i}`, '198.51.100.1'],
  'a /48': [
    '2001:db8:1:7::1',
    '2001:db8:1:99::1',
    (i: number) => `2001:db8:1:${100 + i}::1`,
    '2001:db8:2:7::1',
  ],
} as const

const turnOfTheLoop = () => new Promise(resolve => setImmediate(resolve))

/** `isHeld`: a refusal comes when `over` is called, and not before. */
function scene({ isHeld = false } = {}) {
  const known = knownSources(new MemoryCounters(), () => 0)
  const held: (() => void)[] = []
  const pauses: number[] = []
  const now = { at: 0 }
  let looked = 0
  const brake = authBrake({
    leases: memoryLeases([]),
    known,
    steady: () => now.at,
    pause: async ms => {
      pauses.push(ms)
      if (isHeld) await new Promise<void>(over => held.push(over))
      else for (let i = 0; i < 10; i++) await turnOfTheLoop()
    },
  })
  const attempt = (
    address: string,
    outcome: Looked | Promise<Looked>,
    account = ANN,
    secret?: string,
  ) => {
    const client = { realm: 'main', address, port: 4000 }
    const said = secret === undefined ? {} : { secret }
    return brake.attempt({ account, subscriber: undefined, client, ...said }, async () => {
      looked++
      return outcome
    })
  }
  const say = async (address: string, outcome: Looked, account = ANN) =>
    (await attempt(address, outcome, account)).outcome
  /** How many of them were looked at. */
  const wrong = async (count: number, address: (i: number) => string, account = ANN) => {
    const before = looked
    for (let i = 0; i < count; i++) await say(address(i), 'wrong', account)
    return looked - before
  }
  return {
    attempt,
    say,
    wrong,
    known,
    pauses,
    now,
    looked: () => looked,
    over: () => held.splice(0).forEach(end => end()),
  }
}

for (const [name, [own, fresh, neighbour, elsewhere]] of Object.entries(NETWORKS)) {
  test(`${name} whose budget is spent: the right password is let in at a new address, of a login that is known there`, async () => {
    const { say, wrong } = scene()
    await say(own, 'right')
    await wrong(300, neighbour, 'login nobody@isp.example')
    for (let i = 0; i < 30; i++) await wrong(15, neighbour, `login user${i}@isp.example`)
    assert.equal(await say(fresh, 'right'), 'right')
    assert.equal(await say(fresh, 'right', BERT), 'stopped', 'not known there')
  })

  test(`${name}: who guesses at a login from everywhere does not stop it where it is known`, async () => {
    const { say, wrong } = scene()
    await say(own, 'right')
    await wrong(110, i => `192.${i}.2.1`)
    assert.equal(await say(elsewhere, 'right'), 'stopped')
    assert.equal(await say(fresh, 'right'), 'right')
  })

  test(`${name} where a login is known: an address has 5 guesses more, all of them together 20`, async () => {
    const { say, wrong } = scene()
    assert.equal(await wrong(300, neighbour, BERT), 15)
    await say(own, 'right')
    assert.equal(await wrong(15, () => neighbour(0)), 15)
    assert.equal(await wrong(10, () => neighbour(1)), 5)
    assert.equal(await say(fresh, 'right'), 'right', 'one neighbour does not spend it')
    assert.equal(await wrong(100, neighbour), 15)
    assert.equal(await say(own, 'right'), 'right', 'where it was used it has a budget of its own')
  })
}

const [OWN, FRESH, NEIGHBOUR] = NETWORKS['a /24']

test('a wrong one is answered as a refused one is, of a login that is known in the network and of one that is not', async () => {
  const { say, wrong, attempt, pauses } = scene()
  await say(OWN, 'right')
  for (const account of [ANN, BERT]) await wrong(15, NEIGHBOUR, account)
  for (const outcome of ['wrong', 'undecided'] as const)
    assert.deepEqual(await attempt(FRESH, outcome), await attempt(FRESH, outcome, BERT))
  assert.equal(pauses.length, 4)
  assert.ok(pauses.every(ms => ms >= 1000 && ms < 1250))
})

test('both are answered at the same time, however soon or late the password was found wrong', async () => {
  const { say, wrong, attempt, looked, over } = scene({ isHeld: true })
  await say(OWN, 'right')
  for (const account of [ANN, BERT]) await wrong(15, NEIGHBOUR, account)
  const before = looked()
  const late = Promise.withResolvers<Looked>()
  const answered: string[] = []
  const all = [
    ['known', attempt(FRESH, 'wrong')],
    ['known, and it takes long', attempt(FRESH, late.promise)],
    ['not known', attempt(FRESH, 'wrong', BERT)],
  ] as const
  for (const [who, one] of all) void one.then(({ outcome }) => answered.push(`${who}: ${outcome}`))
  for (let i = 0; i < 20; i++) await turnOfTheLoop()
  assert.equal(looked() - before, 2)
  assert.deepEqual(answered, [])
  over()
  for (let i = 0; i < 20; i++) await turnOfTheLoop()
  assert.deepEqual(
    answered,
    all.map(([who]) => `${who}: stopped`),
  )
  // What was right all the same is known when it is said again.
  late.resolve('right')
  for (let i = 0; i < 20; i++) await turnOfTheLoop()
  assert.equal(await say(FRESH, 'right'), 'right')
})

test('a right one is answered at once', async () => {
  const { say, wrong } = scene({ isHeld: true })
  await say(OWN, 'right')
  await wrong(15, NEIGHBOUR)
  assert.equal(await say(FRESH, 'right'), 'right')
})

test('a new password makes the network unknown', async () => {
  const { say, wrong, known } = scene()
  await say(OWN, 'right')
  await known.forget(ANN)
  await wrong(15, NEIGHBOUR)
  assert.equal(await say(FRESH, 'right'), 'stopped')
})

test('a guess that was refused is not free later, of a login that is known in the network as of one that is not', async () => {
  const { say, wrong, attempt, now } = scene()
  await say(OWN, 'right')
  for (let i = 0; i < 5; i++) await wrong(15, () => FRESH, `login junk${i}@isp.example`)
  now.at += 13.5 * 60_000
  for (const account of [ANN, BERT])
    assert.equal((await attempt(FRESH, 'wrong', account, 'summer')).outcome, 'stopped')
  now.at += 2 * 60_000
  for (const account of [ANN, BERT])
    assert.deepEqual(await attempt(FRESH, 'wrong', account, 'summer'), { outcome: 'wrong' })
})

test('the right password is let in while tries that are being looked at take all of the strangers’ budgets', async () => {
  const { say, attempt } = scene()
  await say(OWN, 'right')
  const late = Promise.withResolvers<Looked>()
  const others = Array.from({ length: 70 }, (_, i) => attempt(NEIGHBOUR(i % 8), late.promise))
  for (let i = 0; i < 20; i++) await turnOfTheLoop()
  assert.equal(await say(FRESH, 'right'), 'right')
  late.resolve('wrong')
  await Promise.all(others)
})
