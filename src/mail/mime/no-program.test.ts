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
  for (const type of ['text/plain', 'text/html; charset=utf-8', 'Text/Plain'])
    assert.deepEqual(read(`Content-Type: ${type}\r\n\r\n${prose}`).attachments, [], type)
  // Thunderbird shows a file there.
  const untyped = read(`Subject: x\r\n\r\n${prose}`)
  assert.deepEqual(untyped.attachments, ['words about zip.exe'])
  for (const file of ['#0V%T', '#0V%T`', 'hello\r\n#0V%T', '`\r\nend'])
    assert.deepEqual(
      read(`Subject: x\r\n\r\nbegin 644 run.exe\r\n${file}\r\n`).attachments,
      ['run.exe'],
      file,
    )
})

const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'

test('a text or a message that is called after a web site is no program, machine code is', () => {
  const found = (type: string, content: string, encoding = '8bit', name = 'www.example.com') =>
    read(
      lines(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        `Content-Type: ${type}; name="${name}"`,
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
    ['text/plain; charset=windows-1252', '\xb4\x09\xba\x20', '8bit'],
    ['text/plain', EICAR, '7bit'],
    ['message/rfc822', EICAR, '7bit'],
    ['text/plain', `${EICAR}\r\nhello, and much more of it`, '7bit'],
    ['text/plain', base64(EICAR), 'base64'],
    ['text/plain', `${'A'.repeat(76)}\r\n`.repeat(3), '7bit'],
    ['text/plain', `Dear reader,\r\n${'words '.repeat(200_000)}\0\x01`, '7bit'],
  ] as const)
    assert.ok(found(type, content, encoding).includes('www.example.com'), content.slice(0, 80))
  assert.deepEqual(found('text/plain', 'hello', '7bit', 'invoice.pdf.com'), ['invoice.pdf.com'])
  for (const content of [
    '',
    'Dear Anna,\r\n\r\nsee https://www.example.com/?a=b&c=d#e',
    'https://www.example.com/',
    '"Quoted" words (and others) - as people write them!',
    'J\xfcrgen f\xe4hrt nach K\xf6ln',
    Buffer.from('Привет, мир').toString('latin1'),
    Buffer.from('こんにちは世界、お元気ですか').toString('latin1'),
    '<!DOCTYPE html><html><body class="a">x</body></html>',
    '1. First\r\n2. Second',
    '* one\r\n* two',
  ])
    assert.deepEqual(found('text/plain', content), [], content)
  const order = `Received: from a.example ([192.0.2.1])\r\nSubject: your order\r\n\r\n${'x '.repeat(600_000)}`
  assert.deepEqual(found('message/rfc822', order), [])
})
