// The brake as the doors feel it. A hash is a promise that the test keeps: no clock, no real password.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareCustomer } from '../../test/support/bare-customer.ts'
import { MemoryCounters } from '../drivers/counters/memory.ts'
import { memoryLeases } from '../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../drivers/directory/subscribers-memory.ts'
import { MINUTE } from '../model/duration.ts'
import type { NewEvent } from '../model/event.ts'
import type { LoginAnswer } from '../ports/credentials.ts'
import type { LoginCheck } from '../ports/logins.ts'
import { authBrake } from './auth-brake.ts'
import { fairQueue } from './fair-queue.ts'
import { knownSources } from './known-sources.ts'
import { accountOf, logins } from './logins.ts'

const NAME = 'anna@isp.example'
const ANNA = bareCustomer('anna', [NAME])
/** Hers, and a neighbour's in the same /24. */
const HOME = '203.0.113.7'
const NEIGHBOUR = '203.0.113.8'

const ROUNDS = [1, 2, 3, 4, 5]

type Hash = { readonly login: string; readonly address: string; end(answer: LoginAnswer): void }

const RIGHT: LoginAnswer = { ok: true, login: { name: NAME, addresses: [] }, subscriber: 'anna' }
const WRONG: LoginAnswer = { ok: false, why: 'wrong' }
const turnOfTheLoop = () => new Promise(resolve => setImmediate(resolve))
/** So many that every hash of a test has had its turn. */
const turnsOfTheLoop = async () => {
  for (let i = 0; i < 100; i++) await turnOfTheLoop()
}

/** `shipped`: with the clock it has where none is given. */
function scene({ width = 1, shipped = false } = {}) {
  let steady = 0
  const hashes: Hash[] = []
  const running: Hash[] = []
  const events: NewEvent[] = []
  const queue = fairQueue({ width })
  const known = knownSources(new MemoryCounters(), () => 0)
  let proofs = 0
  const passwords = logins({
    brake: authBrake({
      leases: memoryLeases([{ realm: 'main', prefix: `${HOME}/32`, subscriber: 'anna', from: 0 }]),
      known,
      pause: turnsOfTheLoop,
      ...(shipped ? {} : { steady: () => steady }),
    }),
    credentials: {
      // The password says where it comes from.
      verify: async (login, password, _scope, turn) => {
        const [address = ''] = password.split(' ')
        const hashed = await queue.run(
          turn,
          () =>
            new Promise<LoginAnswer>(end => {
              const hash = { login, address, end }
              hashes.push(hash)
              running.push(hash)
            }),
        )
        return hashed === 'full' ? { ok: false, why: 'busy' } : hashed.done
      },
      salted: async () => ({ salt: '', iterations: 4096 }),
      prove: async () => {
        proofs++
        await turnOfTheLoop()
        return WRONG
      },
    },
    subscribers: memorySubscribers([ANNA]),
    engine: { report: event => void events.push(event) },
    now: () => 0,
  })
  const asking = (address: string) =>
    ({
      client: { realm: 'main', address, port: 4000 },
      listener: 'submission',
      session: 's',
    }) as const
  let said = 0
  /** Another password each time, unless it is given. */
  const say = (address: string, name = NAME, password = `${said++}`) =>
    passwords.check(asking(address), { name, password: `${address} ${password}` })
  /** All that run and wait end with this answer. */
  const endAll = async (answer: LoginAnswer) => {
    await turnOfTheLoop()
    while (running.length > 0) {
      for (const hash of running.splice(0)) hash.end(answer)
      await turnOfTheLoop()
    }
  }
  const wrong = async (attempts: Promise<LoginCheck>[]) => {
    await endAll(WRONG)
    return outcomes(attempts)
  }
  return {
    say,
    hashes,
    running,
    events,
    endAll,
    /** Wrong ones, one after the other or all at once; how they ended. */
    wrong,
    right: async (address: string, name = NAME) => {
      const tried = say(address, name)
      await endAll(RIGHT)
      return (await tried).outcome
    },
    prove: (address: string) =>
      passwords.prove(asking(address), { name: NAME, proof: '', message: '' }),
    proofs: () => proofs,
    known,
    pass: (ms: number) => void (steady += ms),
  }
}

async function outcomes(attempts: Promise<LoginCheck>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { outcome } of await Promise.all(attempts))
    counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

const times = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i))
const network = (i: number) => `198.18.${i}.9`

test('sixty at once get no further than sixty in a row, and what is over is never hashed', async () => {
  for (const width of [1, 100]) {
    const { say, wrong, hashes } = scene({ width })
    assert.deepEqual(await wrong(times(60, () => say(NEIGHBOUR))), { wrong: 15, 'slow-down': 45 })
    assert.equal(hashes.length, 15)
  }
  const { say, wrong, hashes } = scene()
  const inARow: Record<string, number>[] = []
  for (let i = 0; i < 60; i++) inARow.push(await wrong([say(NEIGHBOUR)]))
  assert.equal(inARow.filter(one => one.wrong === 1).length, 15)
  assert.equal(hashes.length, 15)
})

test('any number of right ones at once is let in, also where the login was never seen', async () => {
  const { say, endAll } = scene({ width: 100 })
  const attempts = times(60, () => say(NEIGHBOUR))
  await endAll(RIGHT)
  assert.deepEqual(await outcomes(attempts), { right: 60 })
})

test('on the own line a right password is let in, whatever neighbours and strangers guess', async () => {
  const { say, wrong, right } = scene()
  await wrong(times(60, () => say(NEIGHBOUR)))
  await wrong(times(200, i => say(network(i))))
  assert.equal(await right(HOME), 'right')
  assert.equal(await right('192.0.2.1'), 'slow-down', 'strangers have spent what strangers have')
  // What is guessed at home is counted at home.
  assert.deepEqual(await wrong(times(100, () => say(HOME))), { wrong: 60, 'slow-down': 40 })
})

test('so it is where the login was used before, and a neighbour there cannot spend that', async () => {
  const { say, wrong, right } = scene()
  assert.equal(await right('192.0.2.1'), 'right')
  assert.equal(await right('2001:db8:1:2::1'), 'right')
  await wrong(times(200, i => say(network(i))))
  await wrong(times(60, () => say('192.0.2.2')))
  await wrong(times(60, i => say(`2001:db8:1:3::${i}`)))
  assert.equal(await right('192.0.2.2'), 'slow-down')
  assert.equal(await right('192.0.2.1'), 'right')
  assert.equal(await right('2001:db8:1:2:ffff::1'), 'right')
})

test('with a new password no source of the old one is known any more', async () => {
  const { say, wrong, right, known } = scene()
  assert.equal(await right('192.0.2.1'), 'right')
  await known.forget(accountOf(NAME))
  assert.deepEqual(await wrong(times(60, () => say('192.0.2.1'))), { wrong: 15, 'slow-down': 45 })
  assert.equal(await right(HOME), 'right')
})

test('who is at home waits for those whose hash runs and for one more, however many strangers wait', async () => {
  const width = 3
  const { say, hashes, running } = scene({ width })
  for (let i = 0; i < 60; i++) void say(network(i))
  await turnOfTheLoop()
  assert.equal(hashes.length, width)
  void say(HOME)
  await turnOfTheLoop()
  while (!hashes.some(({ address }) => address === HOME)) {
    running.shift()?.end(WRONG)
    await turnOfTheLoop()
  }
  const ahead = hashes.findIndex(({ address }) => address === HOME)
  assert.ok(ahead <= width + 1, `${ahead} hashes were ahead`)
})

const ROAD = '192.0.2.77'
/** Hashes that are begun before the one of this address, each of those that run ending as wrong; `each` is called before it does. */
async function ahead(
  of: ReturnType<typeof scene>,
  address: string,
  each = () => undefined as void,
) {
  const { hashes, running } = of
  const before = hashes.length
  await turnOfTheLoop()
  while (!hashes.some((hash, i) => i >= before && hash.address === address)) {
    assert.ok(hashes.length - before < 5000, 'its turn never comes')
    each()
    running.shift()?.end(WRONG)
    await turnOfTheLoop()
  }
  return hashes.findIndex((hash, i) => i >= before && hash.address === address) - before
}
const stranger = (i: number) => `10.${i % 250}.${Math.floor(i / 250)}.9`

for (const [what, login] of [
  ['at other logins', (i: number) => `user${i}@isp.example`],
  ['at the same login', () => NAME],
] as const)
  test(`on the road, who comes after sixty strangers who guess ${what} waits for two of them`, async () => {
    for (const width of [1, 3]) {
      const it = scene({ width })
      for (let i = 0; i < 60; i++) void it.say(stranger(i), login(i))
      await turnOfTheLoop()
      void it.say(ROAD)
      const before = await ahead(it, ROAD)
      assert.ok(before <= 2, `${before} hashes were ahead`)
    }
  })

test('nor for strangers who say the same wrong password again as soon as they are answered', async () => {
  for (const after of [0, 30, 59, 60, 61, 90, 150, 200, 400]) {
    const it = scene()
    const sayAgain = (i: number): void =>
      void it.say(stranger(i), `user${i}@isp.example`).then(() => sayAgain(i))
    for (let i = 0; i < 60; i++) sayAgain(i)
    for (let i = 0; i < after; i++) {
      await turnOfTheLoop()
      it.running.shift()?.end(WRONG)
    }
    await turnOfTheLoop()
    void it.say(ROAD)
    const before = await ahead(it, ROAD)
    assert.ok(before <= 3, `${before} hashes were ahead, after ${after}`)
  }
})

test('and who comes before them, or while ever new ones come, is not forgotten', async () => {
  const it = scene()
  for (let i = 0; i < 20; i++) void it.say(stranger(i), `user${i}@isp.example`)
  await turnOfTheLoop()
  void it.say(ROAD)
  let more = 20
  const before = await ahead(it, ROAD, () => {
    for (let i = 0; i < 3; i++) void it.say(stranger(more), `user${more++}@isp.example`)
  })
  assert.ok(before <= 2 * 21, `${before} hashes were ahead`)
})

test('who has guessed wrongly goes behind who has not, with a whole /32, too', async () => {
  for (const place of [stranger, (i: number) => `2001:db8:${i}::9`]) {
    const it = scene()
    for (let round = 0; round < 3; round++)
      await it.wrong(times(60, i => it.say(place(i), `user${round}.${i}@isp.example`)))
    for (let i = 0; i < 60; i++) void it.say(place(i), `user9.${i}@isp.example`)
    await turnOfTheLoop()
    void it.say(ROAD)
    for (let i = 0; i < 60; i++) void it.say(place(i), `user8.${i}@isp.example`)
    const before = await ahead(it, ROAD)
    assert.ok(before <= 1, `${before} hashes were ahead`)
  }
})

test('what was guessed at a login before does not keep its owner waiting', async () => {
  const it = scene()
  for (let round = 0; round < 3; round++) await it.wrong(times(20, i => it.say(stranger(i))))
  for (let i = 0; i < 20; i++) void it.say(stranger(i))
  for (let i = 0; i < 60; i++) void it.say(stranger(i), `user${i}@isp.example`)
  await turnOfTheLoop()
  void it.say(ROAD)
  const before = await ahead(it, ROAD)
  assert.ok(before <= 2, `${before} hashes were ahead`)
})

test('no client is refused for the number of others', async () => {
  const { say, wrong } = scene()
  const attempts = times(3000, i => say(stranger(i), `user${i}@isp.example`))
  assert.deepEqual(await wrong([...attempts, say(ROAD)]), { wrong: 3001 })
})

test('a source that tries many logins is stopped, and so is a network of many sources', async () => {
  const { say, wrong, right, hashes } = scene()
  const user = (i: number) => `user${i}@isp.example`
  assert.deepEqual(await wrong(times(100, i => say(NEIGHBOUR, user(i)))), {
    wrong: 60,
    'slow-down': 40,
  })
  const next = times(300, i => say(`203.0.113.${10 + (i % 50)}`, user(1000 + i)))
  // More than fifty of one network do not wait until it is known which of the others were right.
  assert.deepEqual(await wrong(next), { wrong: 180, 'slow-down': 50, later: 70 })
  assert.equal(hashes.length, 240)
  assert.equal(await right(HOME), 'right')
})

test('a login that many networks try is stopped for strangers', async () => {
  const { say, wrong } = scene()
  assert.deepEqual(await wrong(times(200, i => say(network(i)))), { wrong: 100, 'slow-down': 100 })
})

test('the addresses of an IPv6 /64 are one source, and its /48 one network', async () => {
  const { say, wrong } = scene()
  const inOne = times(40, i => say(`2001:db8:5:0:${i + 1}::1`))
  assert.deepEqual(await wrong(inOne), { wrong: 15, 'slow-down': 25 })
  assert.deepEqual(await wrong([say('2001:db8:5:77::1')]), { 'slow-down': 1 })
  const many = times(100, i => say(`2001:db8:6:0:${i + 1}::1`, `user${i}@isp.example`))
  assert.deepEqual(await wrong(many), { wrong: 60, 'slow-down': 40 })
})

test('a proof (SCRAM) is counted before it is looked at', async () => {
  const { prove, proofs } = scene()
  const attempts = await outcomes(times(60, () => prove(NEIGHBOUR)))
  assert.deepEqual(attempts, { wrong: 15, 'slow-down': 45 })
  assert.equal(proofs(), 15)
})

test('a login that does not exist is stopped like any other', async () => {
  const { say, wrong } = scene()
  const attempts = times(60, () => say(NEIGHBOUR, 'nobody@isp.example'))
  assert.deepEqual(await wrong(attempts), { wrong: 15, 'slow-down': 45 })
})

test('the same wrong password from the same place counts once and is told once, at home, at work and abroad', async () => {
  for (const place of [HOME, '192.0.2.1', '198.18.1.9']) {
    const { say, wrong, right, events } = scene()
    if (place === '192.0.2.1') await right(place)
    const before = events.length
    // An old phone, by PLAIN and by LOGIN, all day; and another one.
    for (let i = 0; i < 90; i++)
      assert.deepEqual(await wrong([say(place, NAME, 'old'), say(place, NAME, 'older')]), {
        wrong: 2,
      })
    assert.equal(events.length, before + 2)
    assert.equal(await right(place), 'right')
  }
})

test('not of another login or from another place, not the fifth password ago, and not without end', async () => {
  const { say, wrong, hashes, pass } = scene()
  const user = (i: number) => `user${i}@isp.example`
  const sprayed = times(100, i => say(NEIGHBOUR, user(i), 'old'))
  assert.deepEqual(await wrong(sprayed), { wrong: 60, 'slow-down': 40 })
  const spread = times(30, i => say(`198.18.1.${i}`, NAME, 'old'))
  assert.deepEqual(await wrong(spread), { wrong: 15, 'slow-down': 15 })
  pass(15 * MINUTE)
  for (let i = 0; i < 15; i++) await wrong([say(NEIGHBOUR, NAME, `${ROUNDS[i % 5]}`)])
  assert.deepEqual(await wrong([say(NEIGHBOUR, NAME, '1')]), { 'slow-down': 1 })
  const before = hashes.length
  for (let i = 0; i < 400; i++) await wrong([say(HOME, NAME, 'old')])
  assert.equal(hashes.length - before, 1 + 200 + 59)
  // At the same time no more are looked at than may all be wrong.
  pass(15 * MINUTE)
  void times(100, () => say(NEIGHBOUR, NAME, 'old'))
  await turnOfTheLoop()
  assert.ok(hashes.length - before <= 1 + 200 + 59 + 15)
})

test('an attempt that was not looked at does not count', async () => {
  const { say, endAll, wrong } = scene()
  const attempts = times(60, () => say(NEIGHBOUR))
  await endAll({ ok: false, why: 'busy' })
  assert.deepEqual(await outcomes(attempts), { later: 60 })
  assert.deepEqual(await wrong([say(NEIGHBOUR)]), { wrong: 1 })
})

test('a stopped budget is told once in its window, and every failure before it', async () => {
  const { say, wrong, events, pass } = scene()
  await wrong(times(60, () => say(NEIGHBOUR)))
  await wrong(times(60, () => say(NEIGHBOUR)))
  const told = events.map(event => event.kind === 'link-auth' && (event.stoppedBy ?? 'wrong'))
  assert.equal(told.filter(one => one === 'wrong').length, 15)
  assert.deepEqual(told.slice(15), ['login-network'])
  pass(15 * MINUTE)
  await wrong(times(60, () => say(NEIGHBOUR)))
  assert.equal(events.length, 32)
})

test('the clock on the wall may go where it wants', async t => {
  const { say, wrong } = scene({ shipped: true })
  await wrong(times(20, () => say(NEIGHBOUR)))
  t.mock.method(Date, 'now', () => 0)
  assert.deepEqual(await wrong([say(NEIGHBOUR)]), { 'slow-down': 1 })
  t.mock.method(Date, 'now', () => 1e15)
  assert.deepEqual(await wrong([say(NEIGHBOUR)]), { 'slow-down': 1 })
})
