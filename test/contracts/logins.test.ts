// What all that checks logins must do: in the engine's own thread, and over a MessagePort for doors in threads of their own. How the brake
// slows guesses down: src/wire/logins.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import { engineClient } from '../../src/drivers/engine-port/engine-client.ts'
import { serveEngine } from '../../src/drivers/engine-port/serve-engine.ts'
import type { Credentials, LoginAnswer } from '../../src/ports/credentials.ts'
import type { Engine } from '../../src/ports/engine.ts'
import type { Logins } from '../../src/ports/logins.ts'
import { authBrake } from '../../src/wire/auth-brake.ts'
import { knownSources } from '../../src/wire/known-sources.ts'
import { logins } from '../../src/wire/logins.ts'
import { atEnd, type Owner } from '../support/owned.ts'

const NAME = 'anna@isp.example'
const ASKING = {
  client: { realm: 'main', address: '203.0.113.7', port: 4000 },
  listener: 'submission',
  session: 's',
} as const

/** `right` is right, `busy` and `broken` are what they say, and all else is wrong. */
function answered(word: string): LoginAnswer {
  if (word === 'broken') throw new Error('broken')
  if (word === 'busy') return { ok: false, why: 'busy' }
  if (word !== 'right') return { ok: false, why: 'wrong' }
  return { ok: true, login: { name: NAME, addresses: [] }, subscriber: 'anna' }
}

const credentials: Pick<Credentials, 'verify' | 'salted' | 'prove'> = {
  verify: async (_login, password) => answered(password),
  salted: async () => ({ salt: 'c2FsdA==', iterations: 4096 }),
  prove: async (_login, { proof }) => {
    const answer = answered(proof)
    return answer.ok ? { ...answer, signature: 'signed' } : answer
  },
}

const direct = (): Logins =>
  logins({
    brake: authBrake({
      leases: memoryLeases([]),
      known: knownSources(new MemoryCounters(), () => 0),
      pause: async () => undefined,
    }),
    credentials,
    subscribers: memorySubscribers([]),
    engine: { report: () => undefined },
    now: () => 0,
  })

const LOGINS: Readonly<Record<string, (owner: Owner) => Logins>> = {
  'the same thread': direct,
  'another thread': owner => {
    const { port1, port2 } = new MessageChannel()
    atEnd(owner, () => port1.close())
    serveEngine({ engine: {} as Engine, logins: direct(), caps: { enter: () => undefined } }, port1)
    return engineClient(port2).logins
  },
}

for (const [name, open] of Object.entries(LOGINS)) {
  test(`${name}: a password is right, wrong, or nobody can tell; the name is told folded`, async t => {
    const all = open(t)
    for (const [password, outcome] of [
      ['right', 'right'],
      ['banana', 'wrong'],
      ['busy', 'later'],
      ['right', 'right'],
    ] as const)
      assert.deepEqual(await all.check(ASKING, { name: 'Anna@ISP.example', password }), {
        outcome,
        login: NAME,
      })
  })

  test(`${name}: a proof is signed when it is right, and only then`, async t => {
    const all = open(t)
    const prove = (proof: string) => all.prove(ASKING, { name: NAME, proof, message: 'm' })
    assert.deepEqual(await prove('right'), { outcome: 'right', login: NAME, signature: 'signed' })
    assert.deepEqual(await prove('banana'), { outcome: 'wrong', login: NAME })
    assert.deepEqual(await prove('busy'), { outcome: 'later', login: NAME })
  })

  test(`${name}: each who is to prove something gets another nonce`, async t => {
    const all = open(t)
    const salts = [await all.salt(ASKING, NAME), await all.salt(ASKING, 'nobody@isp.example')]
    const nonces = salts.map(salt => {
      assert.deepEqual([salt.salt, salt.iterations], ['c2FsdA==', 4096])
      return salt.nonce
    })
    assert.equal(new Set(nonces).size, 2)
  })

  test(`${name}: after many wrong ones even the right one is slowed down`, async t => {
    const all = open(t)
    const attempts = Array.from({ length: 200 }, (_, n) => `banana ${n}`)
    for (const password of attempts) await all.check(ASKING, { name: NAME, password })
    const { outcome } = await all.check(ASKING, { name: NAME, password: 'right' })
    assert.equal(outcome, 'slow-down')
  })

  test(`${name}: what breaks behind it rejects, and the next is answered`, async t => {
    const all = open(t)
    await assert.rejects(all.check(ASKING, { name: NAME, password: 'broken' }), /broken/)
    const { outcome } = await all.check(ASKING, { name: NAME, password: 'right' })
    assert.equal(outcome, 'right')
  })
}
