import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressedByHeader } from './addressed-by-header.ts'

test('recipients are those of To, Cc and Bcc, each once; Bcc and private fields are not for them', () => {
  const found = addressedByHeader(
    [
      'From: anna@isp.example',
      'To: "Ek, Bert" <bert@isp.example>, friends: carl@meadow.example, dora@meadow.example;',
      'Bcc: erna@meadow.example,',
      ' bert@isp.example',
      'X-Mozilla-Draft-Info: internal/draft',
      'X-TUID: abcdefghijkl',
      'Fcc: imap://anna@isp.example/Sent',
      'Subject: hello',
      '',
      '',
    ].join('\r\n'),
  )
  assert.deepEqual(found.recipients, [
    'bert@isp.example',
    'carl@meadow.example',
    'dora@meadow.example',
    'erna@meadow.example',
  ])
  assert.deepEqual(found.header.match(/^[\w-]+(?=:)/gm), ['From', 'To', 'Subject'])
  assert.ok(found.header.endsWith('\r\n\r\n'))
  assert.equal(found.wrong, undefined)
})

test('what cannot be sent so says why', () => {
  const wrong = (header: string) => addressedByHeader(`${header}\r\n\r\n`).wrong
  assert.match(wrong('To: undisclosed-recipients:;') ?? '', /no recipient/)
  assert.match(wrong('To: bert') ?? '', /bert in its to is not a mail address/)
  assert.match(wrong('To: a@b.example\r\nResent-To: c@d.example') ?? '', /redirected/)
})

test('addresses are read as RFC 5322 writes them, and what cannot be read whole is not guessed', () => {
  const read = (value: string) => addressedByHeader(`To: ${value}\r\n\r\n`)
  for (const [value, recipients] of [
    [
      'bert@a.example (Bert, "at" <work>), <carl@b.example>,,',
      ['bert@a.example', 'carl@b.example'],
    ],
    ['"carl@b.example" <bert@a.example>', ['bert@a.example']],
    ['bert@a.example <bert@a.example>', ['bert@a.example']],
    ['J. R. Ek <bert@a.example>', ['bert@a.example']],
    ['"a b"@a.example', ['"a b"@a.example']],
    ['<@x.example,@y.example:bert@a.example>', ['bert@a.example']],
    [
      'all: bert@a.example, "C, D" <carl@b.example>; , dora@a.example',
      ['bert@a.example', 'carl@b.example', 'dora@a.example'],
    ],
    ['=?utf-8?q?Jos=C3=A9?= <bert@a.example>', ['bert@a.example']],
    ['Bert <bert@[192.0.2.1]>', ['bert@[192.0.2.1]']],
  ] as const) {
    const found = read(value)
    assert.equal(found.wrong, undefined, value)
    assert.deepEqual(found.recipients, recipients, value)
  }
  for (const value of [
    'bert@a.example carl@a.example',
    '<bert@a.example> carl@a.example',
    '<bert@a.example> <carl@a.example>',
    'bert@a.example <carl@a.example>',
    '"carl@a.example" <',
    '"carl@a.example"',
    'carl@a.example <>',
    'bert@a.example, "carl@a.example',
    'bert@a.example (carl@a.example',
    'bert@a.example; carl@a.example',
    'all: bert@a.example, all: carl@a.example;',
    'bert@a.example, carl',
    'bert@a.example) carl@a.example',
  ])
    assert.match(read(value).wrong ?? '', /mail address|cannot be read/, value)
})
