import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorsOf } from './authors.ts'
import { parseHeader } from './header.ts'
import { unclearFrom } from './unclear-from.ts'

function wrong(header: string): string {
  const { fields } = parseHeader(Buffer.from(`${header}\r\n\r\n`))
  return unclearFrom(fields, authorsOf(fields))
}

test('the sender of a From that is not clear is told what to do about what stands there, and how it was read', () => {
  const anna = 'anna@isp.example'
  assert.equal(wrong('Subject: hi'), 'it has no From field: write one')
  assert.equal(wrong(`From: ${anna}\r\nFrom: ${anna}`), 'it has 2 From fields: write one')
  assert.match(wrong('From: root'), /^there is no address in it: .*> \[From: root\]$/)
  assert.match(wrong(`From: ${'a@b.example '.repeat(900)}`), /^it is too long: .*> \[From: /)
  for (const [from, advice, read] of [
    [
      `Anna Ek/Sales/ISP@ISP.EXAMPLE <${anna}>`,
      'put the name in double quotes (it has @ in it)',
      'ek/sales',
    ],
    [
      `Anna @ Example Ltd.example <${anna}>`,
      'put the name in double quotes (it has @ in it)',
      'anna@example',
    ],
    [
      `'bob@isp.example' <bob@isp.example>`,
      'put the name in double quotes (it has @ in it)',
      `'bob@`,
    ],
    [
      `Bob [mailto:bob@isp.example] <bob@isp.example>`,
      'put the name in double quotes (it has @ : [ ] in it)',
      'not every program reads it',
    ],
    [
      `=?utf-8?q?chief=40bank.example=2Cx?= <${anna}>`,
      'take the address out of the name: write it as "x" <anna@isp.example>; may be read as',
      'chief@bank.example',
    ],
    [
      `=?utf-8?q?B=C3=BCro_chief=40bank.example_Stra=C3=9Fe?= <${anna}>`,
      'take the address out of the name: write it as "Buro Strasse" <anna@isp.example>; ',
      'chief@bank.example',
    ],
    [
      `=?utf-8?q?M=C3=BCller=40bank.example?= <${anna}>`,
      'take the address out of the name: write it as anna@isp.example; ',
      '',
    ],
    [
      `=?utf-8?q?B=C3=BCro_=40_Wien_u._Graz?= <${anna}>`,
      'take @ out of the name: write it as "Buro Wien u. Graz" <anna@isp.example>; ',
      '',
    ],
    [
      `=?utf-8?q?B=C3=BCro_=22_Wien_=40_x?= <${anna}>`,
      'take @ " out of the name: write it as "Buro Wien x" <anna@isp.example>; ',
      '',
    ],
    [`Sales: b@far.example <${anna}>`, 'put the name in double quotes (it has @ : in it)', ''],
    [`"bert@isp.example"]\r\n <${anna}>`, 'put the name in double quotes (it has ] in it)', ''],
    [`${anna};`, 'nothing may stand behind the address', ''],
    [`<${anna}> (a (b) c) x`, 'nothing may stand behind the address', ''],
    [`.. <${anna}>`, 'write it as ".." <anna@isp.example>; ', 'not every program reads it'],
    [`Team: ${anna}, x@far.example; y`, 'it is a group: write only its addresses', ''],
  ] as const) {
    const text = wrong(`From: ${from}`)
    assert.ok(text.startsWith(advice), text)
    assert.ok(text.includes(read), text)
    assert.ok(text.includes('From: '), text)
  }
})

test('a sender that writes it as the reply says is understood', () => {
  for (const from of [
    'Anna Ek <<anna@isp.example>>',
    '"Anna Ek" <<anna@isp.example>>',
    'Anna Ek <anna@isp.example> <anna@isp.example>',
    '=?utf-8?B?Anna <anna@isp.example>',
    '=?utf-8?q?chief=40bank.example=2Cx?= <anna@isp.example>',
    '=?utf-8?q?M=C3=BCller=40bank.example?= <anna@isp.example>',
    "'anna@isp.example' <anna@isp.example>",
    'Anna Ek <anna@isp.example>;',
    'anna@isp.example;',
    '&quot;Anna&quot; <anna@isp.example>',
    '<mailto:anna@isp.example>',
    'Anna [mailto:anna@isp.example] <anna@isp.example>',
    'Anna Ek/Sales/ISP@EXAMPLE <anna@isp.example>',
    '"bert@isp.example"]\r\n <anna@isp.example>',
    '<anna@isp.example> (a (b) c) x',
    '.. <anna@isp.example>',
  ]) {
    const text = wrong(`From: ${from}`)
    const proposed = / write it as (.*?>|\S+?)(?:; | \[From: )/.exec(` ${text}`)?.[1]
    assert.ok(proposed !== undefined, text)
    const { fields } = parseHeader(Buffer.from(`From: ${proposed}\r\n\r\n`))
    const read = authorsOf(fields)
    assert.deepEqual([read.clear, read.addresses], [true, ['anna@isp.example']], text)
  }
})

test('what is said of it is true of it', () => {
  for (const [from, words] of [
    ['"Anna Ek" <<anna@isp.example>>', /one pair of < >: write it as "Anna Ek" <anna@isp/],
    ['=?utf-8?B?Anna <anna@isp.example>', /^it has an encoded word \(=\?\) that has no end/],
    ['a@b.example '.repeat(900), /^it is too long/],
  ] as const)
    assert.match(wrong(`From: ${from}`), words)
  assert.doesNotMatch(wrong('From: Anna Ek <<anna@isp.example>>'), /has [@<> ]+ in it/)
})

test('it is one printable line of a reply', () => {
  for (const from of [`"Ä\x01%s" ${'x'.repeat(9000)}`, 'ä@b.example;'.repeat(90), '%\0']) {
    const text = wrong(`From: ${from}`)
    assert.match(text, /^[ -$&-~]{1,230}$/, text)
  }
})
