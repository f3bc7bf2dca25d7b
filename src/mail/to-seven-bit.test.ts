// What Python's email package reads in the parts of a message is the same before and after, and afterwards all of it is ASCII.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { isSevenBit } from './seven-bit.ts'
import { conversionOf, converted } from './to-seven-bit.ts'

const PARTS = `
import sys, json, email
def leaves(m):
    if m.is_multipart():
        return [x for p in m.get_payload() for x in leaves(p)]
    return [[m.get_content_type(), m.get_payload(decode=True).hex()]]
print(json.dumps(leaves(email.message_from_bytes(sys.stdin.buffer.read()))))
`

function read(message: Uint8Array): unknown {
  const found = spawnSync('python3', ['-c', PARTS], { input: message })
  assert.equal(found.status, 0, found.stderr.toString())
  return JSON.parse(found.stdout.toString())
}

async function* inPieces(message: Buffer, size: number) {
  for (let at = 0; at < message.length; at += size) yield message.subarray(at, at + size)
}

const lines = (...all: string[]) => Buffer.from(all.map(line => `${line}\r\n`).join(''))
const PLAIN = 'Content-Type: text/plain; charset=utf-8'
const TYPE = 'Content-Type: multipart/mixed; boundary=foo'

const MESSAGES: Readonly<Record<string, Buffer>> = {
  'no MIME at all': lines('Subject: x', '', 'Grüße', '', 'a = b ', '.'),
  text: lines(
    'MIME-Version: 1.0',
    PLAIN,
    'Content-Transfer-Encoding: 8bit',
    '',
    `${'ü'.repeat(500)}\t`,
  ),
  'text without an end': Buffer.from(`${PLAIN}\r\n\r\nGrüße`),
  'a line without an end': Buffer.from(`${PLAIN}\r\n\r\n${'ä'.repeat(100_000)}\r\n`),
  'nothing but a header': Buffer.from(`Subject: x\r\n${PLAIN}\r\n`),
  'parts in parts': lines(
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed;',
    ' boundary="a b"',
    'Content-Transfer-Encoding: 8bit',
    '',
    'preamble',
    '--a b',
    'Content-Type: multipart/alternative; boundary=inner',
    '',
    '--inner',
    PLAIN,
    '',
    'Grüße =20',
    '--inner',
    'Content-Type: text/html; charset=utf-8',
    'content-transfer-encoding:',
    ' 8bit',
    '',
    '<p>Grüße</p>',
    '',
    '--inner--',
    'epilogue',
    '--a b',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: binary',
    '',
    ...Array.from({ length: 20 }, (_, i) => `ÿÿ${'x'.repeat(i * 7)}`),
    '--a b',
    'Content-Type: text/plain',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=C3=BC=C3=9Fe',
    '--a b',
    'Content-Type: message/rfc822',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Subject: inside',
    PLAIN,
    '',
    'Grüße',
    '--a b--',
  ),
}

for (const [name, message] of Object.entries(MESSAGES))
  for (const size of [1, 7, 100_000])
    test(`${name}, ${size} bytes at a time`, async () => {
      if (size < 7 && message.length > 10_000) return
      const pieces: Uint8Array[] = []
      for await (const piece of converted(inPieces(message, size))) pieces.push(piece)
      const out = Buffer.concat(pieces)
      assert.ok(isSevenBit(out), out.toString())
      assert.deepEqual(await conversionOf(inPieces(message, size)), { size: out.length })
      for (const line of out.toString().split('\r\n')) assert.ok(line.length <= 76, line)
      assert.deepEqual(read(out), read(message))
    })

test('no line that was none before begins as a boundary, a field, a fold or a file', async () => {
  const broken = [
    '--foo',
    '--foo--',
    ' evil.exe',
    '\tx',
    'From x',
    'begin 644 evil.exe',
    'X: y',
    '.',
  ]
  for (const length of [70, 71, 72, 73, 74, 75, 76, 77, 80, 64 * 1024])
    for (const behind of broken) {
      const line = `${'x'.repeat(length)}${behind}`
      const message = lines('MIME-Version: 1.0', TYPE, '', '--foo', PLAIN, '', 'ü', line, '--foo--')
      // The first piece ends where the line ends: of a very long one a part is converted by itself.
      const pieces: Uint8Array[] = []
      for await (const piece of converted(inPieces(message, message.length - 11)))
        pieces.push(piece)
      const [head = '', body = ''] = Buffer.concat(pieces).toString().split('=C3=BC\r\n')
      assert.match(head, /quoted-printable/)
      const begun = body.split('\r\n').slice(1, -2)
      for (const one of begun) assert.match(one, /^=|^x*$/, one)
      assert.match(body, /\r\n--foo--\r\n$/)
    }
})

test('only a line with nothing but space behind its boundary is one', async () => {
  for (const [behind, isBoundary] of [
    ['', true],
    [' ', true],
    ['\t ', true],
    ['\u00a0', false],
    ['\v', false],
    ['\f', false],
    ['\x1c', false],
    ['x', false],
  ] as const) {
    const message = Buffer.concat([
      lines('MIME-Version: 1.0', TYPE, '', '--foo', PLAIN, '', 'ü'),
      Buffer.from(`--foo${behind}\r\n`, 'latin1'),
      lines('Content-Type: text/html', '', '<a href=3D"http=3A//x">', '--foo--'),
    ])
    const pieces: Uint8Array[] = []
    for await (const piece of converted(inPieces(message, 7))) pieces.push(piece)
    const out = Buffer.concat(pieces)
    assert.ok(isSevenBit(out))
    assert.equal(/^=2D-foo/m.test(out.toString()), !isBoundary, JSON.stringify(behind))
    assert.deepEqual(read(out), read(message))
  }
})

const REFUSED: Readonly<Record<string, Buffer>> = {
  'a DKIM signature': lines('DKIM-Signature: v=1; d=x', PLAIN, '', 'Grüße'),
  'a signed part': lines(
    'Content-Type: multipart/mixed; boundary=a',
    '',
    '--a',
    'Content-Type: multipart/signed; boundary=b',
    '',
    '--b',
    PLAIN,
    '',
    'Grüße',
  ),
  'a boundary that a program cuts off': lines(
    `Content-Type: multipart/mixed; boundary=${'b'.repeat(71)}`,
    '',
    `--${'b'.repeat(71)}`,
    PLAIN,
    '',
    'Grüße',
  ),
  'a boundary with space at its end': lines(
    'Content-Type: multipart/mixed; boundary="foo "',
    '',
    '--foo ',
    PLAIN,
    '',
    'Grüße',
  ),
  'a multipart with the boundary of the one that it is in': lines(
    TYPE,
    '',
    '--foo',
    TYPE,
    '',
    '--foo',
    PLAIN,
    '',
    'Grüße',
  ),
  'two types': lines(PLAIN, TYPE, '', 'Grüße'),
  'a line in a header that is no field': lines(TYPE, '', '--foo', 'no field', PLAIN, '', 'Grüße'),
  'a part that is encoded already': lines('Content-Transfer-Encoding: base64', '', 'Grüße'),
  'parts without end': lines(
    ...Array.from({ length: 60 }, (_, i) => [
      `Content-Type: multipart/mixed; boundary=b${i}`,
      '',
      `--b${i}`,
    ]).flat(),
  ),
}
for (const [name, message] of Object.entries(REFUSED))
  test(`${name} keeps a message as it is`, async () => {
    assert.ok('why' in (await conversionOf(inPieces(message, 100))))
  })
