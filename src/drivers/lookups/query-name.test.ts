import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryName } from './query-name.ts'

const LONGEST = `${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(61)

test('legal names are asked as they are, and U-labels as A-labels', () => {
  for (const name of [
    'example',
    'bank.example',
    'Mail.Bank.EXAMPLE',
    '_dmarc.bank.example',
    's-1_x._domainkey.bank.example',
    '7.100.51.198.in-addr.arpa',
    'xn--bcher-kva.example',
    LONGEST,
  ])
    assert.equal(queryName(name), name)
  assert.equal(queryName('bücher.example'), 'xn--bcher-kva.example')
  assert.equal(queryName('_dmarc.BÜCHER.example'), '_dmarc.xn--bcher-kva.example')
  // Decomposed: a u and two dots above it.
  assert.equal(queryName('bu\u0308cher.example'), 'xn--bcher-kva.example')
})

test('what is not legal is not asked', () => {
  for (const name of [
    '',
    '.',
    '.example',
    'example.',
    'a..example',
    'bank.example\0.attack.example',
    '\0',
    'a\\000b.example',
    'a\\.b.example',
    'a\\',
    'a b.example',
    ' a.example',
    'a.example\n',
    'a\tb.example',
    'a%2eb.example',
    '%41bücher.example',
    'a@b.example',
    'a+b.example',
    '"a".example',
    '[192.0.2.1]',
    '2001:db8::1',
    'a*.example',
    'a\u007f.example',
    'bank。example',
    'bank．example',
    'bank｡example',
    'bücher。bank.example',
    'ｂank.example',
    'ban\u212a.example',
    'ba\u00adnk.example',
    'bü\u200bcher.example',
    'a\ufffdb.example',
    '\ud800.example',
    'xn--ü.example',
    `${'a'.repeat(64)}.example`,
    `${'ü'.repeat(63)}.example`,
    `${LONGEST}c`,
    'a.'.repeat(100_000),
  ])
    assert.equal(queryName(name), undefined, JSON.stringify(name).slice(0, 80))
})
