// A password typed on one keyboard is the password typed on another.

import assert from 'node:assert/strict'
import { argon2Sync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { hashPassword, matches } from './password-hash.ts'
import { makeVerifier } from './scram-hash.ts'

const COST = { memory: 8, passes: 1 }
const COMPOSED = 'caf\u00e9 \u00fc'
const DECOMPOSED = 'cafe\u0301 u\u0308'

test('one letter or two, it is the same password', async () => {
  for (const set of [COMPOSED, DECOMPOSED])
    for (const hash of [await hashPassword(set, COST), await makeVerifier(set, 4096)])
      for (const typed of [COMPOSED, DECOMPOSED]) {
        assert.equal(await matches(hash, typed), true)
        assert.equal(await matches(hash, `${typed}x`), false)
      }
  assert.equal(await matches(await hashPassword('cafe', COST), COMPOSED), false)
})

test('a hash that another program made of two letters', async () => {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', {
    message: DECOMPOSED,
    nonce,
    parallelism: 1,
    tagLength: 32,
    ...COST,
  })
  const hash = ['argon2id', 8, 1, nonce.toString('base64'), tag.toString('base64')].join('$')
  assert.equal(await matches(hash, COMPOSED), true)
})
