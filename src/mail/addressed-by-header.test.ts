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
