// Whom a reader may take for the author of a message: all of them are asked about (DMARC), whatever stands around their addresses.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  askingSmallDns,
  bank,
  key,
  letter,
  tags,
  utf8,
} from '../../../test/support/forged-letters.ts'
import { rawSignature } from '../../../test/support/raw-signature.ts'

const check = askingSmallDns()

test('each author’s domain is asked, and what the strictest wants counts', async () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a@bank.example, x@quiet.example', 'fail', 'bank.example'],
    ['x@quiet.example, a@bank.example', 'fail', 'bank.example'],
    ['x@attack.example, a@bank.example', 'fail', 'bank.example'],
    ['x@lenient.example, a@bank.example', 'fail', 'bank.example'],
    ['them: x@quiet.example, a@BANK.example.;', 'fail', 'bank.example'],
    ['x@quiet.example, x@lenient.example', 'fail', 'lenient.example'],
    ['x@quiet.example, y@other.example', 'none', 'quiet.example'],
    [
      'a@b.example, a@c.example, a@d.example, a@e.example, a@f.example, a@g.example',
      'permerror',
      '',
    ],
    ['x@quiet.example, y@a..example', 'permerror', ''],
  ]
  for (const [from, result, domain] of cases) {
    // The attacker's own domain passes, by SPF and by a signature.
    const made = rawSignature(letter(from), { tags: tags('attack.example', 's'), key })
    const found = await check(made, 'x@attack.example')
    assert.equal(found.dmarc.result, result, from)
    if (domain) assert.equal(found.dmarc.domain, domain, from)
    assert.match(found.header, new RegExp(`^ dmarc=${result}`, 'm'), from)
    const wanted =
      domain === 'bank.example' ? 'reject' : domain.startsWith('l') ? 'quarantine' : 'none'
    assert.equal(found.dmarc.policy, wanted, from)
  }
  const both = rawSignature(letter('a@bank.example, x@attack.example'), {
    tags: tags('bank.example', 's'),
    key: bank,
  })
  assert.equal((await check(both, 'x@attack.example')).dmarc.result, 'pass')
})

test('what a reader may take for the author is asked about, whatever stands around it', async () => {
  const BANKS = [
    'ceo@bank.example]',
    '<ceo@bank.example\\>',
    '"Ceo" <ceo@bank.example\\>',
    'ceo@bank.example\\',
    '<ceo@bank.example[',
    '=?utf-8?q?ceo=40bank.example?=',
    '=?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQ==?=',
    'Ceo <ceo@[bank.example]>',
    'Ceo <"ceo@bank.example">',
    'ceo@bank.example <x@attack.example>',
    'ceo@bank.example (x) <x@attack.example>',
    'x <x@attack.example>, ceo@bank.example (c) <y@attack.example>',
    '"ceo@bank.example"] <x@attack.example>',
    '"ceo@bank.example"[ <x@attack.example>',
    '"ceo@bank.example" [External] <x@attack.example>',
    '=?utf-8?q?=3cceo=40bank.example=3e?=, x <x@attack.example>',
    '=?utf-8?q?ceo=40bank.example=2Cx?= <x@attack.example>',
    '=?utf-8?q?Ceo_=3Cceo=40bank.example=3E_via_Shop?= <x@attack.example>',
    'ceo@bank .example <x@attack.example>',
    'ceo@ba nk.example <x@attack.example>',
    'ceo@bank.example <x@attack.example',
    '<ceo@bank.example>, <x@[192.0.2.1]>',
    'ceo@bank.example\r\n <x@attack.example>',
    utf8('ceo@bank.example\u200b <x@attack.example>'),
  ]
  for (const from of BANKS) {
    // The attacker's own domain passes, by SPF and by a signature.
    const made = rawSignature(letter(from), { tags: tags('attack.example', 's'), key })
    const { dmarc, header } = await check(made, 'x@attack.example')
    assert.ok(
      dmarc.result === 'permerror' || (dmarc.result === 'fail' && dmarc.policy === 'reject'),
      `${from}: ${JSON.stringify(dmarc)}`,
    )
    assert.equal(header.match(/^ dmarc=/gm)?.length, 1, header)
    assert.match(header, /^ dmarc=(?:fail|permerror)/m, header)
  }
})

test('a name that every reader takes for a name is not asked about', async () => {
  for (const name of [
    '"ceo@bank.example via Shop"',
    '"Ceo <ceo@bank.example>"',
    '"=?utf-8?q?Ceo_=3Cceo=40bank.example=3E_via_Shop?="',
    '=?utf-8?q?M=C3=BCller=2C_Anna?=',
    '(ceo@bank.example) Shop',
  ]) {
    const { dmarc } = await check(letter(`${name} <x@attack.example>`), 'x@attack.example')
    assert.deepEqual(dmarc, { result: 'pass', domain: 'attack.example', policy: 'reject' }, name)
  }
})

test('From without an author, or with more than can be read, is permerror', async () => {
  for (const from of [
    '',
    '<>',
    'Ceo',
    'Ceo <>',
    'undisclosed:;',
    'ceo@',
    `${'x'.repeat(10_000)} <x@attack.example>`,
    `=?utf-7?q?ceo+AEA-bank.example?=] <x@attack.example>`,
    `${'x@attack.example '.repeat(30)}<x@attack.example>`,
  ]) {
    const { dmarc, header } = await check(letter(from), 'x@attack.example')
    assert.equal(dmarc.result, 'permerror', from)
    assert.match(header, /^ dmarc=permerror/m, from)
  }
  const { dmarc } = await check('Subject: hi\r\n\r\nhello\r\n', 'x@attack.example')
  assert.equal(dmarc.result, 'permerror')
})

test('there always is a result of DMARC', async () => {
  for (const from of [
    '',
    'undisclosed:;',
    'x@bank.example\r\nFrom: y@attack.example',
    'x@quiet.example',
  ])
    assert.match((await check(letter(from))).header, /^ dmarc=(?:none|permerror)/m, from)
})
