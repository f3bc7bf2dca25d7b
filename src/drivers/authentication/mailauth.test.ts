// What is asked of mailauth ends when its time ends: nothing more is read.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { rawSignature } from '../../../test/support/raw-signature.ts'
import type { Dns } from '../lookups/node-resolver.ts'
import { believed } from './believed.ts'
import { type AuthenticationInput, checked } from './mailauth.ts'

test('when the time is over, the message is read no further', async () => {
  const closed = Promise.withResolvers<void>()
  async function* endless() {
    try {
      yield Buffer.from('From: a@bank.example\r\n\r\n')
      for (;;) yield Buffer.from('hello\r\n'.repeat(10_000))
    } finally {
      closed.resolve()
    }
  }
  const from = { address: '192.0.2.1', helo: 'a.example', sender: '' }
  const dns = { resolve: async () => [] }
  const asked = { dns: dns as never, from, ourName: 'isp.example', questions: 1, budget: 100 }
  await assert.rejects(checked(endless(), asked), /not done within 100 ms/)
  await closed.promise
})

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

/** Signed once for each of `signers`. */
async function* letter(from: string, signers: readonly string[] = []) {
  let text = `From: ${from}\r\nSubject: hi\r\n\r\nhello\r\n`
  for (const [i, d] of signers.entries()) {
    const tags = { v: '1', a: 'rsa-sha256', d, s: `s${i}`, h: 'from' }
    text = rawSignature(text, { tags, key })
  }
  yield Buffer.from(text)
}
const BANK = { '_dmarc.bank.example': 'v=DMARC1; p=reject' } as Readonly<Record<string, string>>

/** Below attack.example no server ever answers. */
const SILENT: Dns = {
  resolve: (async (name: string) => {
    if (name.endsWith('attack.example')) return new Promise<never>(() => undefined)
    const text = BANK[name]
    if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
    return [[text]]
  }) as unknown as Dns['resolve'],
}

type More = Partial<AuthenticationInput>

async function dmarcOf(message: AsyncIterable<Uint8Array>, more: More = {}) {
  const from = { address: '192.0.2.1', helo: 'a.attack.example', sender: 'x@attack.example' }
  const asked = { dns: SILENT, from, ourName: 'isp.example', questions: 40, budget: 6000 }
  const { dmarc, author, policy } = believed(await checked(message, { ...asked, ...more }))
  return [dmarc, author, policy]
}

/** Turns of the loop without a question, after which all wait for servers that never answer. */
const STILL = 200
/** (ms) Less than a slice of any of the times (awake-time.ts). */
const STEP = 50

/** The same while time goes on only when nothing else does: how busy the machine is changes nothing. */
async function dmarcInItsTime(
  t: TestContext,
  message: AsyncIterable<Uint8Array>,
  { dns = SILENT, ...more }: More = {},
) {
  await import('mailauth')
  let asked = 0
  const resolve = (name: string, type: string) => {
    asked++
    return dns.resolve(name, type)
  }
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const state = { isOver: false }
  const found = dmarcOf(message, { ...more, dns: { resolve } as unknown as Dns }).finally(() => {
    state.isOver = true
  })
  const isOver = () => state.isOver
  for (let before = -1, still = 0; !isOver(); ) {
    await new Promise(resolve => setImmediate(resolve))
    still = asked === before ? still + 1 : 0
    before = asked
    if (still < STILL) continue
    t.mock.timers.tick(STEP)
    still = 0
  }
  t.mock.timers.reset()
  return found
}

test('servers that never answer cannot keep the domain in From from being asked', async t => {
  const signers = Array.from({ length: 10 }, () => 'attack.example')
  const froms = [
    'x@bank.example',
    'x@attack.example, y@bank.example',
    'y@bank.example, x@attack.example',
  ]
  for (const from of froms)
    assert.deepEqual(await dmarcInItsTime(t, letter(from, signers)), [
      'fail',
      'bank.example',
      'reject',
    ])
})

test('a thread that stands still for longer than all of its time changes nothing', async () => {
  let stood = false
  const dns = {
    resolve: (async (name: string, type: string) => {
      if (!stood) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000)
      stood = true
      await new Promise(resolve => setImmediate(resolve))
      return SILENT.resolve(name, type)
    }) as unknown as Dns['resolve'],
  }
  const from = { address: '192.0.2.1', helo: 'mx.quiet.example', sender: 'x@quiet.example' }
  assert.deepEqual(await dmarcOf(letter('x@bank.example'), { dns, from, budget: 3000 }), [
    'fail',
    'bank.example',
    'reject',
  ])
})

test('nor can their questions use up those about it', async t => {
  for (const questions of [0, 1, 2, 3])
    assert.deepEqual(await dmarcInItsTime(t, letter('x@bank.example'), { questions }), [
      'fail',
      'bank.example',
      'reject',
    ])
})

test('when the key of its own signature is not to be had, it is not known whether it fails', async t => {
  const dns = {
    resolve: (async (name: string, type: string) => {
      if (name.includes('._domainkey.bank'))
        throw Object.assign(new Error('x'), { code: 'ESERVFAIL' })
      return SILENT.resolve(name, type)
    }) as unknown as Dns['resolve'],
  }
  const own = letter('x@bank.example', ['bank.example'])
  assert.deepEqual(await dmarcInItsTime(t, own, { dns }), ['temperror', 'bank.example', 'reject'])
  const other = letter('x@bank.example', ['shop.example'])
  assert.deepEqual(await dmarcInItsTime(t, other, { dns }), ['fail', 'bank.example', 'reject'])
})

test('signatures of domains that do not answer cannot keep its own key from being asked for', async t => {
  const silent = Array.from({ length: 9 }, (_, i) => `${i}.attack.example`)
  const message = letter('x@bank.example', ['bank.example', ...silent])
  assert.deepEqual(await dmarcInItsTime(t, message), ['fail', 'bank.example', 'reject'])
})

test('when the policy of a domain cannot be read, it is unknown, whatever another author wants', async t => {
  const dns = {
    resolve: (async (name: string, type: string) => {
      if (name === '_dmarc.lenient.example') return [['v=DMARC1; p=quarantine']]
      if (name.endsWith('bank.example')) throw Object.assign(new Error('x'), { code: 'ESERVFAIL' })
      return SILENT.resolve(name, type)
    }) as unknown as Dns['resolve'],
  }
  const wanted = ['temperror', 'bank.example', 'unknown']
  assert.deepEqual(await dmarcInItsTime(t, letter('x@bank.example'), { dns }), wanted)
  assert.deepEqual(
    await dmarcInItsTime(t, letter('a@lenient.example, x@bank.example'), { dns }),
    wanted,
  )
})
