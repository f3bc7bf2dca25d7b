import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeenMessageId } from './seen-message-id.ts'

function seen(message: string, piece = message.length): string | undefined {
  const reader = new SeenMessageId()
  const bytes = Buffer.from(message, 'latin1')
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece))
  return reader.known.messageId
}

test('a Message-ID is seen wherever it stands in the header, in pieces of any length', () => {
  const filler = 'X-A: message-id: no\r\n'.repeat(200)
  for (const message of [
    'Message-ID: <1@x.example>\r\nSubject: x\r\n\r\nhi\r\n',
    `${filler}MESSAGE-ID:<1@x.example>\r\n\r\n`,
    `${filler}Message-Id :\r\n <1@x.example>\r\n${filler}`,
    'Subject: a\nMessage-ID: <1@x.example>\n\nbare\n',
    'Message-ID: <1@x.example>',
  ])
    for (const piece of [message.length, 1, 7, 4096])
      assert.equal(seen(message, piece), '<1@x.example>', `${piece} of ${message.slice(0, 40)}`)
})

test('not in the body, and not in another field', () => {
  assert.equal(seen('Subject: x\r\n\r\nMessage-ID: <1@x.example>\r\n'), undefined)
  assert.equal(seen('X-Message-ID: <1@x.example>\r\n'), undefined)
  assert.equal(seen(`Message-ID: ${'x'.repeat(9000)}\r\n`)?.length, 250)
})
