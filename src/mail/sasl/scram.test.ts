import assert from 'node:assert/strict'
import { pbkdf2Sync } from 'node:crypto'
import { test } from 'node:test'
import {
  checkProof,
  formatVerifier,
  parseClientFinal,
  parseClientFirst,
  parseVerifier,
  serverFirst,
  verifierFrom,
} from './scram.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

// The example of RFC 7677 §3: user "user", password "pencil".
const FIRST = base64('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
const OURS = {
  nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
  iterations: 4096,
}
const FINAL =
  'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='
const salt = Buffer.from(OURS.salt, 'base64')
const verifier = verifierFrom(pbkdf2Sync('pencil', salt, 4096, 32, 'sha256'), {
  salt,
  iterations: 4096,
})

test('the example of RFC 7677', () => {
  const first = parseClientFirst(FIRST)
  assert.ok(first)
  const second = serverFirst(first, OURS)
  const final = parseClientFinal(base64(FINAL), { first, second })
  assert.ok(final)
  assert.equal(checkProof(verifier, final), '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
  assert.equal(checkProof({ ...verifier, storedKey: Buffer.alloc(32) }, final), undefined)
  assert.equal(checkProof(verifier, { ...final, proof: 'AAAA' }), undefined)
  assert.equal(checkProof(verifier, { ...final, message: `${final.message}x` }), undefined)
})

test('verifiers of PostgreSQL and of Dovecot', () => {
  const text = formatVerifier(verifier)
  assert.deepEqual(parseVerifier(text), verifier)
  const dovecot = text.replace('SCRAM-SHA-256$', '{SCRAM-SHA-256}').replaceAll(/[:$]/g, ',')
  assert.deepEqual(parseVerifier(dovecot), verifier)
  for (const bad of [
    text.replace('4096', '1000'),
    text.replace('4096', '99999999'),
    text.slice(0, -10),
    'SCRAM-SHA-256$',
    '',
  ])
    assert.equal(parseVerifier(bad), undefined, bad)
})

test('names with commas, and what is no first message', () => {
  assert.equal(parseClientFirst(base64('n,,n=a=2Cb=3Dc,r=x'))?.name, 'a,b=c')
  assert.equal(parseClientFirst(base64('y,a=anna,n=anna,r=x'))?.gs2, 'y,a=anna,')
  for (const bad of [
    'p=tls-exporter,,n=user,r=x',
    'n,a=boss,n=user,r=x',
    'n,,n=us=er,r=x',
    'n,,n=,r=x',
    'n,,n=user,r=',
    'n,,m=ext,n=user,r=x',
    'n,,n=user',
    '',
  ])
    assert.equal(parseClientFirst(base64(bad)), undefined, bad)
})

test('a second message that does not belong to the first', () => {
  const first = parseClientFirst(FIRST)
  assert.ok(first)
  const second = serverFirst(first, OURS)
  for (const bad of [
    FINAL.replace('c=biws', 'c=eSws'),
    FINAL.replace('r=rOpr', 'r=xOpr'),
    FINAL.replace(/,p=.*/, ''),
    FINAL.replace('$k0', ''),
    '',
  ])
    assert.equal(parseClientFinal(base64(bad), { first, second }), undefined, bad)
})
