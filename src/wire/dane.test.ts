import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { before, test } from 'node:test'
import { auditCertificates } from '../../test/support/audit-certificates.ts'
import { isMatched, type Tlsa, tlsaIn, usableTlsa } from './dane.ts'

const NAME = 'mail.isp.example'
let pki: Record<
  'own' | 'trusted' | 'below' | 'expired' | 'between' | 'authority' | 'other',
  X509Certificate
>

before(async () => {
  const made = await auditCertificates([NAME])
  const of = (pem: string) => new X509Certificate(pem)
  pki = {
    own: of(made.own.cert),
    trusted: of(made.trusted.cert),
    below: of(made.below.cert),
    expired: of(made.expired.cert),
    other: of(made.other.cert),
    between: of(made.between),
    authority: of(made.authority),
  }
})

const record = (usage: number, selector: number, matching: number, of: X509Certificate): Tlsa => {
  const bytes = selector === 0 ? of.raw : of.publicKey.export({ type: 'spki', format: 'der' })
  const digest = (name: string) => createHash(name).update(bytes).digest()
  const data = [bytes, digest('sha256'), digest('sha512')][matching] ?? bytes
  return tlsaIn(Buffer.concat([Buffer.from([usage, selector, matching]), data]))
}

const matches = (
  records: readonly Tlsa[],
  chain: readonly X509Certificate[],
  names = [NAME],
  at = Date.now(),
) => isMatched(usableTlsa(records), { chain, names, at })

test('DANE-EE: the certificate or its key, whole or as a digest, whatever its name and dates', () => {
  for (const selector of [0, 1])
    for (const matching of [0, 1, 2]) {
      assert.ok(matches([record(3, selector, matching, pki.expired)], [pki.expired], []))
      assert.ok(!matches([record(3, selector, matching, pki.own)], [pki.expired]))
    }
  assert.ok(!matches([record(3, 1, 1, pki.own)], []))
})

test('DANE-TA: name, dates and every signature between count, in whatever order the chain was sent', () => {
  const { below, between, authority, trusted, expired, other } = pki
  for (const matching of [0, 1, 2]) {
    assert.ok(matches([record(2, 0, matching, authority)], [below, between, authority]))
    assert.ok(matches([record(2, 1, matching, between)], [below, authority, between]))
  }
  const anchored = [record(2, 1, 1, authority)]
  assert.ok(!matches(anchored, [below, authority]), 'without the one between')
  assert.ok(!matches(anchored, [expired, authority]))
  assert.ok(!matches(anchored, [other, authority]))
  assert.ok(matches(anchored, [other, authority], ['www.other.example']))
  assert.ok(!matches(anchored, [trusted, authority], [NAME], Date.now() + 366 * 86_400_000))
  // An authority that is there in full need not be sent.
  assert.ok(matches([record(2, 0, 0, authority)], [trusted]))
  assert.ok(matches([record(2, 1, 0, authority)], [trusted]))
  assert.ok(!matches([record(2, 1, 0, between)], [trusted]))
  // The server's own certificate is no authority.
  assert.ok(!matches([record(2, 1, 1, pki.own)], [pki.own]))
})

test('a certificate that is no authority vouches for none, however it is signed', async () => {
  const { generate } = await import('selfsigned')
  const names = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: NAME }] }]
  const day = {
    notBeforeDate: new Date(Date.now() - 1000),
    keyType: 'ec',
    extensions: names,
  } as const
  const thief = await generate([{ name: 'commonName', value: 'customer' }], day)
  const forged = await generate([{ name: 'commonName', value: 'mail' }], {
    ...day,
    ca: { key: thief.private, cert: thief.cert },
  })
  const chain = [new X509Certificate(forged.cert), new X509Certificate(thief.cert)]
  assert.ok(!matches([record(2, 1, 1, chain[1] as X509Certificate)], chain))
})

test('what cannot be compared is not usable, and of two digests only the stronger counts', () => {
  const data = 'ab'.repeat(32)
  for (const [usage, selector, matching, text] of [
    [0, 1, 1, data],
    [1, 1, 1, data],
    [4, 1, 1, data],
    [3, 2, 1, data],
    [3, 1, 3, data],
    [3, 1, 1, data.slice(2)],
    [3, 1, 1, ''],
    [3, 0, 0, data],
    [2, 1, 0, data],
  ] as const)
    assert.deepEqual(usableTlsa([{ usage, selector, matching, data: text }]), [])
  assert.deepEqual(usableTlsa([tlsaIn(Buffer.from([3]))]), [])
  const [right, weak] = [record(3, 1, 1, pki.own), { ...record(3, 1, 2, pki.other) }]
  assert.ok(!matches([right, weak], [pki.own]))
  // Of another usage or selector each counts by itself.
  assert.ok(matches([right, { ...weak, selector: 0 }], [pki.own]))
})
