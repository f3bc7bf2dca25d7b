// What looks like a program and is none: running text, and texts and messages that are called after web sites.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Summarizer } from '../summary.ts'

function read(message: string) {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(message, 'latin1'))
  return summarizer.finish('a@isp.example')
}
const lines = (...all: readonly string[]) => all.join('\r\n')
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('what begins like uuencode and has no line of it is running text', () => {
  const prose = 'begin 600 words about zip.exe\r\nbegin 1 day later.exe\r\n\r\nNot really uu.\r\n'
  assert.deepEqual(read(`Subject: x\r\n\r\n${prose}`).attachments, [])
  for (const file of ['#0V%T', '#0V%T`', 'hello\r\n#0V%T', '`\r\nend'])
    assert.deepEqual(
      read(`Subject: x\r\n\r\nbegin 644 run.exe\r\n${file}\r\n`).attachments,
      ['run.exe'],
      file,
    )
})

test('a text or a message that is called after a web site is no program, machine code is', () => {
  const found = (type: string, content: string, encoding = '8bit') =>
    read(
      lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        `Content-Type: ${type}; name="www.example.com"`,
        `Content-Transfer-Encoding: ${encoding}`,
        '',
        content,
        '--b--',
        '',
      ),
    ).attachments
  assert.deepEqual(found('text/plain', 'hello\xe4'), [])
  assert.deepEqual(found('message/rfc822', 'Subject: your order\r\n\r\nhello'), [])
  assert.deepEqual(found('text/plain', base64('hello'), 'base64'), [])
  for (const [type, content, encoding] of [
    ['text/plain', base64('MZ\0\x03'), 'base64'],
    ['text/plain', 'MZ\0\x03', '8bit'],
    ['text/plain; x=y\r\nContent-Type: application/octet-stream', 'hello', '8bit'],
    ['application/octet-stream', 'hello', '8bit'],
  ] as const)
    assert.ok(found(type, content, encoding).includes('www.example.com'), type)
})
