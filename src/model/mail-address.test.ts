import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  canonicalAddress,
  domainOf,
  foldAddress,
  isDomain,
  parseMailAddress,
  withoutExtension,
} from './mail-address.ts'

test('mailboxes are told from what only looks like one', () => {
  assert.deepEqual(parseMailAddress('Anna.Ek@Example.ORG'), {
    local: 'Anna.Ek',
    domain: 'example.org',
  })
  assert.ok(parseMailAddress('"a b"@example.org'))
  // They would stand in Return-Path, raw.
  for (const control of ['\u001b', '\t', '\u007f', '\u0085', '\u0001'])
    for (const local of [`"a${control}[2J"`, `"a\\${control}b"`])
      assert.equal(parseMailAddress(`${local}@example.org`), undefined)
  assert.ok(parseMailAddress('x@[192.0.2.1]'))
  for (const bad of [
    '',
    'anna',
    '@example.org',
    'a@',
    'a b@x.org',
    'a@-x.org',
    'a@x..org',
    'a@x.org..',
    'a@.',
    'a@[999.0.0.1]',
    'a@[192.0.2]',
    'a@[2001:db8::1]',
    'a@192.0.2.1',
    'a@[IPv6:192.0.2.1]',
    'a@[IPv6:2001:db8::1::2]',
    'a@é%41.example',
    'a\r\n@x.org',
  ])
    assert.equal(parseMailAddress(bad), undefined, bad)
})

test('what others hand out is taken: long tokens, and dots anywhere', () => {
  for (const good of [`${'a'.repeat(65)}@x.org`, `b+${'t'.repeat(400)}@x.org`, '.a.@x.org'])
    assert.equal(canonicalAddress(good), good)
  assert.ok(parseMailAddress('a..b@docomo.example'))
  assert.equal(parseMailAddress(`${'a'.repeat(1000)}@x.org`), undefined)
})

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  'anna@isp.example': ['ANNA@isp.example', '"anna"@ISP.example.', '"an\\na"@isp.example'],
  'j\u00f6rg@xn--bcher-kva.example': [
    'jo\u0308rg@b\u00fccher.example',
    'J\u00d6RG@BU\u0308CHER.example.',
    '"jo\u0308rg"@XN--bcher-kva.example',
  ],
  '"a b"@isp.example': ['"A\\ b"@isp.example.'],
  '"a\\"b"@isp.example': ['"a\\"b"@isp.example'],
  'a..b@isp.example': ['"a..b"@isp.example'],
  'a@[192.0.2.1]': ['A@[192.0.2.1]'],
  'a@[ipv6:2001:db8::1]': ['a@[IPv6:2001:DB8:0::1]'],
}

for (const [one, others] of Object.entries(SPELLINGS))
  test(`${one} is one address, however it is spelt`, () => {
    for (const other of [one, ...others]) {
      assert.equal(foldAddress(other), one, other)
      if (!one.endsWith(']')) assert.equal(domainOf(other), domainOf(one), other)
    }
  })

test('what is behind the delimiter is its owner’s', () => {
  const base = (address: string, delimiter = '+') =>
    withoutExtension(foldAddress(address), delimiter)
  assert.equal(base('Anna+Shop+x@isp.example'), 'anna@isp.example')
  assert.equal(base('"anna+a b"@isp.example'), 'anna@isp.example')
  assert.equal(base('+x@isp.example'), '+x@isp.example')
  assert.equal(base('anna-x@isp.example', '-'), 'anna@isp.example')
  assert.equal(base('anna+x@isp.example', ''), 'anna+x@isp.example')
  assert.equal(base('anna@isp+x.example'), 'anna@isp+x.example')
})

test('a mailbox of more marks in a row than any language has is none', () => {
  const marks = '\u0315\u0323'.repeat(16)
  assert.equal(parseMailAddress(`a${marks}@isp.example`), undefined)
  assert.equal(foldAddress(`A${marks}@isp.example`), `a${marks}@isp.example`)
})

test('a domain is labels of 63 octets at most, as by one at a time', () => {
  const label = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/
  const byLabels = (text: string) =>
    text.length <= 255 && text.split('.').every(one => one.length <= 63 && label.test(one))
  const piece = fc.oneof(
    fc.constantFrom('a', '-', '_', '.', '0', 'Z', '..', '\n', 'ä', ' '),
    fc.integer({ min: 61, max: 65 }).map(length => 'x'.repeat(length)),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), pieces => {
      const text = pieces.join('')
      assert.equal(isDomain(text), byLabels(text), text)
    }),
    { numRuns: 2000 },
  )
})
