// What is sealed is mailauth's own words: where they say more than we believe, nothing is sealed.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { keyRecord } from '../../../test/support/domain-key.ts'
import { rawSignature, type Tags } from '../../../test/support/raw-signature.ts'
import { smallDns } from '../../../test/support/small-dns.ts'
import type { Claim } from '../../ports/spool.ts'
import { arcSealer } from './arc-seal.ts'
import { nodeResolver } from '../lookups/node-resolver.ts'

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const LETTER = 'From: x@bank.example\r\nSubject: hi\r\n\r\nhello\r\n'
const tags = (s: string, more: Tags = {}): Tags => ({
  v: '1',
  a: 'rsa-sha256',
  c: 'relaxed/relaxed',
  d: 'bank.example',
  s,
  h: 'from:subject',
  ...more,
})

test('what is sealed is what was found when the message came', async t => {
  const dns = await smallDns(() => undefined)
  t.after(dns.stop)
  const seal = arcSealer({
    keys: () => [{ domain: 'isp.example', selector: 'cordon', privateKey: key }],
    ourName: 'mail.isp.example',
    dns: nodeResolver([dns.server]),
    trouble: error => assert.fail(String(error)),
  })
  const found = 'mail.isp.example;\r\n dkim=pass header.d=bank.example;\r\n dmarc=pass'
  const headers = `Authentication-Results: ${found}\r\nReceived: from mx.example ([198.51.100.9])\r\n`
  const claim = { message: 'm1', sender: 'x@quiet.example', headers } as unknown as Claim
  // Folded on its way out; and the key of the signature is gone.
  const long = `${LETTER}${'word '.repeat(300)}\r\n`
  const message = rawSignature(long, { tags: tags('s'), key })
  const sealed = await seal(
    claim,
    (async function* () {
      yield Buffer.from(message, 'latin1')
    })(),
  )
  const [results] = /^ARC-Authentication-Results: [^]*?(?=\r\n(?![ \t]))/m.exec(sealed) ?? []
  assert.equal(results, `ARC-Authentication-Results: i=1; ${found}`)
})

test('no other signature is sealed as the bank’s', async t => {
  const record = keyRecord(key)
  const known = ['s._domainkey.bank.example', 's._domainkey.attack.example']
  const dns = await smallDns(name => (known.includes(name) ? record : undefined))
  t.after(dns.stop)
  const troubles: unknown[] = []
  const seal = arcSealer({
    keys: () => [{ domain: 'isp.example', selector: 'cordon', privateKey: key }],
    ourName: 'mail.isp.example',
    dns: nodeResolver([dns.server]),
    trouble: error => void troubles.push(error),
  })
  const headers = 'Received: from mx.example ([198.51.100.9])\r\n'
  const claim = { message: 'm1', sender: 'x@quiet.example', headers } as unknown as Claim
  const sealed = (message: string) =>
    seal(
      claim,
      (async function* () {
        yield Buffer.from(message, 'latin1')
      })(),
    )
  const good = await sealed(rawSignature(LETTER, { tags: tags('s'), key }))
  assert.match(good, /^ARC-Authentication-Results: i=1; mail\.isp\.example;\r\n dkim=pass/m)
  const names = good.match(/^[\w-]+(?=:)/gm)
  const set = ['ARC-Seal', 'ARC-Message-Signature', 'ARC-Authentication-Results']
  assert.deepEqual(names, set, 'the message has our own results already')
  const forged = tags('s._domainkey.attack.example.\0.any')
  const bad = await sealed(rawSignature(LETTER, { tags: forged, key }))
  assert.match(bad, /^ARC-Seal: /)
  assert.doesNotMatch(bad, /dkim=pass/)
  const open = rawSignature(LETTER, { tags: tags('s', { l: '7' }), key })
  assert.equal(await sealed(`${open}and more\r\n`), '')
  assert.deepEqual(troubles, [])
})
