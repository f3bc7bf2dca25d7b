import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, PROPER_COST } from '../drivers/credentials/password-hash.ts'
import { isPasswordHash } from './password-hash.ts'

const SALT = 'A'.repeat(22)
const TAG = 'A'.repeat(43)
const KEY = `${TAG}=`
const PHC = `$argon2id$v=19$m=65536,t=3,p=4$${SALT}$${TAG}`
const SCRAM = `SCRAM-SHA-256$4096:${SALT}==$${KEY}:${KEY}`

test('what programs write is a hash', async () => {
  const own = await hashPassword('secret', PROPER_COST)
  const dovecot = `{SCRAM-SHA-256}4096,${SALT}==,${KEY},${KEY}`
  for (const hash of [own, PHC, SCRAM, dovecot, PHC.replace(TAG, 'A'.repeat(22))])
    assert.ok(isPasswordHash(hash), hash)
})

test('cut anywhere, it is none', async () => {
  // The padding of its last part is no part of it.
  for (const hash of [await hashPassword('secret', PROPER_COST), SCRAM])
    for (let length = 0; length < hash.length - 1; length++)
      assert.ok(!isPasswordHash(hash.slice(0, length)), `${length}`)
  for (const cut of [1, 2, 3, 5]) assert.ok(!isPasswordHash(PHC.slice(0, -cut)), `${cut}`)
})

test('a cost that is not borne, or that argon2 does not know, is none', () => {
  for (const wrong of [
    PHC.replace('65536', '99999999'),
    PHC.replace('65536', '31'),
    PHC.replace('t=3', 't=0'),
    PHC.replace('t=3', 't=21'),
    PHC.replace('p=4', 'p=17'),
    `argon2id$99999999$2$${SALT}==$${KEY}`,
    SCRAM.replace('4096', '4095'),
    SCRAM.replace('4096', '99999999'),
    'secret',
  ])
    assert.ok(!isPasswordHash(wrong), wrong)
})
