import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { dkimRecord, dkimZoneLine, isDkimRecordOf } from './dkim-record.ts'

const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString()

test('the record of an RSA key is the public key of OpenSSL, in strings that a zone may have', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const base64 = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  assert.equal(dkimRecord(pem(privateKey)), `v=DKIM1; k=rsa; p=${base64}`)
  const line = dkimZoneLine({ domain: 'isp.example', selector: 's1', privateKey: pem(privateKey) })
  const [, strings = ''] =
    /^s1\._domainkey\.isp\.example\. 3600 IN TXT \( (.*) \)$/.exec(line) ?? []
  const all = [...strings.matchAll(/"([^"]*)"/g)].map(([, one = '']) => one)
  assert.equal(all.join(''), `v=DKIM1; k=rsa; p=${base64}`)
  assert.ok(all.length === 2 && all.every(one => one.length <= 255))
})

// RFC 8463, appendix A.2.
test('the record of an Ed25519 key is the key itself, as in the RFC', () => {
  const privateKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`
  assert.equal(
    dkimRecord(privateKey),
    'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  )
})

test('a key that DKIM does not know is refused', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  assert.throws(() => dkimRecord(pem(privateKey)), /DKIM has no keys of the kind ec/)
})

test('a record counts as published when receivers verify with it, and not before', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const [key, record] = [pem(privateKey), dkimRecord(pem(privateKey))]
  const [, own = ''] = record.split('p=')
  for (const text of [record, `p=${own};k=ed25519`, record.replaceAll('; ', ' ;\t'), `${record};`])
    assert.ok(isDkimRecordOf(text, key), text)
  for (const text of [
    dkimRecord(pem(generateKeyPairSync('ed25519').privateKey)),
    record.replaceAll(';', '\\;'),
    `"${record}"`,
    `"${record};"`,
    `( ${record}; )`,
    record.replace('k=ed25519', 'k=rsa'),
    `v=DKIM1; p=${own}`,
    record.replace('p=', 'xp='),
    record.replace('DKIM1', 'DKIM2'),
    `${record}; s=tlsrpt`,
    `${record}; h=sha1`,
    'v=DKIM1; k=ed25519; p=',
    record.replace(';', ''),
  ])
    assert.ok(!isDkimRecordOf(text, key), text)
})
