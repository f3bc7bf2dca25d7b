// What is asked of mailauth ends when its time ends: nothing more is read.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
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

/** Below attack.example nobody ever answers. */
const SILENT: Dns = {
  resolve: (async (name: string) => {
    if (name.endsWith('attack.example')) return new Promise<never>(() => undefined)
    const text = BANK[name]
    if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
    return [[text]]
  }) as unknown as Dns['resolve'],
}

async function dmarcOf(
  message: AsyncIterable<Uint8Array>,
  more: Partial<AuthenticationInput> = {},
) {
  const from = { address: '192.0.2.1', helo: 'a.attack.example', sender: 'x@attack.example' }
  const asked = { dns: SILENT, from, ourName: 'isp.example', questions: 40, budget: 6000 }
  const { dmarc, author, policy } = believed(await checked(message, { ...asked, ...more }))
  return [dmarc, author, policy]
}

test('servers that never answer cannot keep the domain in From from being asked', async () => {
  const signers = Array.from({ length: 10 }, () => 'attack.example')
  const froms = [
    'x@bank.example',
    'x@attack.example, y@bank.example',
    'y@bank.example, x@attack.example',
  ]
  // Side by side: each waits for its time to end.
  for (const found of await Promise.all(froms.map(from => dmarcOf(letter(from, signers)))))
    assert.deepEqual(found, ['fail', 'bank.example', 'reject'])
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

test('nor can their questions use up those about it', async () => {
  for (const questions of [0, 1, 2, 3])
    assert.deepEqual(await dmarcOf(letter('x@bank.example'), { questions }), [
      'fail',
      'bank.example',
      'reject',
    ])
})

test('when the key of its own signature is not to be had, it is not known whether it fails', async () => {
  const dns = {
    resolve: (async (name: string, type: string) => {
      if (name.includes('._domainkey.bank'))
        throw Object.assign(new Error('x'), { code: 'ESERVFAIL' })
      return SILENT.resolve(name, type)
    }) as unknown as Dns['resolve'],
  }
  const own = letter('x@bank.example', ['bank.example'])
  assert.deepEqual(await dmarcOf(own, { dns }), ['temperror', 'bank.example', 'reject'])
  const other = letter('x@bank.example', ['shop.example'])
  assert.deepEqual(await dmarcOf(other, { dns }), ['fail', 'bank.example', 'reject'])
})

test('when the policy of a domain cannot be read, it is unknown, whatever another author wants', async () => {
  const dns = {
    resolve: (async (name: string, type: string) => {
      if (name === '_dmarc.lenient.example') return [['v=DMARC1; p=quarantine']]
      if (name.endsWith('bank.example')) throw Object.assign(new Error('x'), { code: 'ESERVFAIL' })
      return SILENT.resolve(name, type)
    }) as unknown as Dns['resolve'],
  }
  const wanted = ['temperror', 'bank.example', 'unknown']
  assert.deepEqual(await dmarcOf(letter('x@bank.example'), { dns }), wanted)
  assert.deepEqual(await dmarcOf(letter('a@lenient.example, x@bank.example'), { dns }), wanted)
})
