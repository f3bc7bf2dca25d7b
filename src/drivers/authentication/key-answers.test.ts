// A sender's key is measured before a signature is looked at: numbers that take long to work with are a permanent error.

import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { rawSignature } from '../../../test/support/raw-signature.ts'
import type { Dns } from '../lookups/node-resolver.ts'
import { believed } from './believed.ts'
import { boundedKeys } from './key-answers.ts'
import { checked } from './mailauth.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A number of so many bits, with the first and the last of them set. */
function number(bits: number): string {
  const bytes = randomBytes(Math.ceil(bits / 8))
  const top = (bits - 1) % 8
  bytes[0] = ((bytes[0] ?? 0) & ((1 << top) - 1)) | (1 << top)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1
  return bytes.toString('base64url')
}
const rsa = (modulus: number, exponent: number) =>
  createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: number(modulus), e: number(exponent) } })
const record = (of: ReturnType<typeof createPublicKey>, type: 'spki' | 'pkcs1' = 'spki') =>
  `v=DKIM1; k=rsa; p=${of.export({ format: 'der', type }).toString('base64')}`

async function resultWith(text: string) {
  async function* letter() {
    const message = 'From: a@bank.example\r\nSubject: hi\r\n\r\nhello\r\n'
    const tags = {
      v: '1',
      a: 'rsa-sha256',
      c: 'relaxed/relaxed',
      d: 'bank.example',
      s: 's',
      h: 'from',
    }
    yield Buffer.from(rawSignature(message, { tags, key }))
  }
  const resolve = async (name: string) => {
    if (name === 's._domainkey.bank.example') return [[text.slice(0, 200), text.slice(200)]]
    throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
  }
  const found = await checked(letter(), {
    dns: { resolve } as unknown as Dns,
    from: { address: '192.0.2.1', helo: 'a.example', sender: 'a@bank.example' },
    ourName: 'isp.example',
    questions: 40,
    budget: 60_000,
  })
  return believed(found).dkim
}

test('a key of the usual size is used, in both forms', async () => {
  assert.deepEqual(await resultWith(record(pair.publicKey)), ['pass'])
  assert.deepEqual(await resultWith(record(pair.publicKey, 'pkcs1')), ['pass'])
  assert.deepEqual(await resultWith(record(rsa(4096, 32))), ['fail'])
})

for (const [what, modulus, exponent] of [
  ['an exponent of 33 bits', 2048, 33],
  ['an exponent of 3071 bits', 3072, 3071],
  ['a modulus of 4097 bits', 4097, 17],
  ['a modulus of 16384 bits', 16_384, 17],
] as const)
  test(`${what} is a permanent error, in both forms`, async () => {
    for (const type of ['spki', 'pkcs1'] as const)
      assert.deepEqual(await resultWith(record(rsa(modulus, exponent), type)), ['permerror'])
  })

test('between two keys others have their turn', async () => {
  const ask = boundedKeys(async () => [record(pair.publicKey)])
  let turns = 0
  const count = () => {
    turns++
    setImmediate(count).unref()
  }
  setImmediate(count).unref()
  for (let i = 0; i < 10; i++) await ask(`s${i}._domainkey.bank.example`, 'TXT')
  assert.ok(turns >= 9, `${turns}`)
})
