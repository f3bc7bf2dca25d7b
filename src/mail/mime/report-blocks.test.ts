import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageSummary } from '../../model/message.ts'
import { Summarizer } from '../summary.ts'

const TYPES = [
  'message/delivery-status',
  'message/global-delivery-status',
  'message/disposition-notification',
  'message/global-disposition-notification',
  'message/feedback-report',
  'message/rfc822-headers',
  'message/global-headers',
]
const FILE = 'Content-Type: application/octet-stream; name="evil.exe"'

function summary(type: string, content: string, sender = 'x@y.example'): MessageSummary {
  const summarizer = new Summarizer()
  summarizer.write(
    Buffer.from(
      `From: a@b.example\r\nContent-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: ${type}\r\n\r\n${content}\r\n--B--\r\n`,
    ),
  )
  return summarizer.finish(sender)
}
const names = (type: string, content: string, sender?: string) =>
  summary(type, content, sender).attachments

for (const type of TYPES) {
  test(`names in every block of ${type} count`, () => {
    assert.deepEqual(names(type, `X: y\r\n\r\n${FILE}\r\n\r\nMZ`), ['evil.exe'])
    assert.deepEqual(names(type, `X: y\r\n${FILE}\r\n`), ['evil.exe'])
    assert.deepEqual(names(type, `\r\n${FILE}\r\n\r\nMZ`), ['evil.exe'])
    assert.deepEqual(names(type, `X: y\r\n \t\r\n\r\n${FILE}\r\n\r\nMZ`), ['evil.exe'])
    const far = 'Final-Recipient: rfc822; a@b.example\r\n\r\n'.repeat(2000)
    assert.ok(names(type, `${far}${FILE}\r\n\r\nMZ`).includes('evil.exe'))
  })

  test(`the text of ${type} is read, and says nothing else`, () => {
    const { text, linkHosts, attachments, unreadable } = summary(
      type,
      'Reporting-MTA: dns; x\r\n\r\nDiagnostic-Code: smtp; see https://evil.test/x\r\n',
    )
    assert.match(text, /Diagnostic-Code: smtp; see/)
    assert.deepEqual(linkHosts, ['evil.test'])
    assert.deepEqual([attachments, unreadable], [[], undefined])
  })

  test(`text that a block of ${type} encodes is read`, () => {
    const content = `X: y\r\n\r\nContent-Transfer-Encoding: base64\r\n\r\n${btoa('see http://evil.test/')}`
    assert.deepEqual(summary(type, content).linkHosts, ['evil.test'])
  })
}

test('a returned header that names a file without its content is no file', () => {
  assert.deepEqual(names('text/rfc822-headers', `Subject: x\r\n${FILE}\r\n`), [])
  assert.deepEqual(names('text/rfc822-headers', `Subject: x\r\n${FILE}\r\n\r\nMZ`), ['evil.exe'])
})

test('more blocks that say what they are than are read are told', () => {
  const { unreadable } = summary('message/delivery-status', `${FILE}\r\n\r\n`.repeat(30))
  assert.deepEqual(unreadable, ['too-many-parts'])
})
