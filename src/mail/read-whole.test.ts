import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWhole } from './read-whole.ts'

const PADDING = 'so it goes on and on, line by line\r\n'.repeat(33_000)
const lines = (...all: readonly string[]) => all.join('\r\n')

async function* inPieces(bytes: Buffer, piece: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
}

async function read(message: string, piece = 65_536) {
  const bytes = Buffer.from(message, 'latin1')
  const given = { sender: 'a@isp.example', size: bytes.length }
  return (await readWhole(inPieces(bytes, piece), given)).summary
}

/** A message whose first part is more than a mebibyte, and `later` behind it. */
const padded = (...later: readonly string[]) =>
  lines(
    'Content-Type: multipart/mixed; boundary="one"',
    '',
    '--one',
    'Content-Type: text/plain',
    '',
    PADDING,
    ...later,
  )

const FILE = ['Content-Disposition: attachment;', '\tfilename="run.exe"', '', 'AAAA']

for (const [what, message] of [
  ['in the next part', padded('--one', ...FILE, '--one--')],
  ['in a part without an end', padded('--one', ...FILE.slice(0, 2))],
  ['behind the last boundary', padded('--one--', '', '--one', ...FILE)],
  [
    'in a multipart that begins there',
    padded('--one', 'Content-Type: multipart/mixed; boundary=two', '', '--two', ...FILE),
  ],
  [
    'in a message that begins there',
    padded(
      '--one',
      'Content-Type: message/rfc822',
      '',
      'Subject: x',
      'Content-Type: multipart/mixed; boundary=two',
      '',
      '--two',
      ...FILE,
    ),
  ],
  ['in a part of a digest', padded('--one', '', ...FILE)],
  ['in the text', padded('begin 644 run.exe', '#0V%T', '`', 'end')],
  ['in the text of a part without a header', padded('--one', '', 'begin 644 run.exe', '#0V%T')],
  ['with a boundary that only begins like it', padded('--one and more', ...FILE)],
  [
    'in a line of 5,000 octets',
    padded(`--one\r\nContent-Disposition: attachment; x="${'y '.repeat(2500)}"; filename=run.exe`),
  ],
  ['with bare line feeds', padded('--one', ...FILE, '--one--').replaceAll('\r\n', '\n')],
] as const)
  test(`a name behind the first mebibyte is read: ${what}`, async () => {
    for (const piece of [65_536, 1_000_003, 701]) {
      const { attachments, unreadable } = await read(message, piece)
      assert.deepEqual(attachments, ['run.exe'])
      assert.deepEqual(unreadable, ['large'])
    }
  })

test('what a click opens is not opened there, which is said', async () => {
  const winmail = Buffer.from('789f3e2201000001', 'hex').toString('base64')
  for (const type of ['application/ms-tnef', 'application/pkcs7-mime', 'application/zip'])
    for (const fields of [[`Content-Type: ${type}; name=a.dat`], [`Content-Type: ${type}`]]) {
      const encoded = [...fields, 'Content-Transfer-Encoding: base64', '', winmail, '--one--']
      const { unreadable } = await read(padded('--one', ...encoded))
      assert.deepEqual(unreadable, ['large'], fields[0])
    }
})

test('what holds parts and is encoded is not only too large there', async () => {
  const later = async (type: string, encoding: string) => {
    const fields = [`Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`]
    return (await read(padded('--one', ...fields, '', 'QUFBQQ==', '--one--'))).unreadable
  }
  for (const [type, encoding] of [
    ['message/rfc822', 'base64'],
    ['message/rfc822', 'quoted-printable'],
    ['(x) Message/Global', '"base64"'],
    ['multipart/mixed; boundary=c', 'base64'],
    ['message/rfc822', '7bit\r\nContent-Transfer-Encoding: x-uuencode'],
  ] as const)
    assert.deepEqual(await later(type, encoding), ['large', 'header'], `${type} ${encoding}`)
  for (const [type, encoding] of [
    ['message/rfc822', '8bit'],
    ['multipart/mixed; boundary=c', '7bit'],
    ['application/pdf; name=a.pdf', 'base64'],
    ['text/plain', 'quoted-printable'],
  ] as const)
    assert.deepEqual(await later(type, encoding), ['large'], `${type} ${encoding}`)
})

test('a header across the mebibyte is read, wherever it is cut', async () => {
  const head = lines('Content-Type: multipart/mixed; boundary="one"', '', '--one', '', '')
  const tail = lines('', '--one', ...FILE)
  for (let cut = 0; cut <= tail.length; cut += 3) {
    const room = 1024 * 1024 - head.length - cut
    const text = PADDING.repeat(2).slice(0, room)
    assert.ok((await read(`${head}${text}${tail}`)).attachments.includes('run.exe'), `${cut}`)
  }
})

const MIB = 1024 * 1024

/** `part` behind a text, so that it begins `before` bytes before the end of the first mebibyte. */
function beginning(before: number, ...part: readonly string[]): string {
  const head = lines('Content-Type: multipart/mixed; boundary="one"', '', '--one', '', '')
  const text = PADDING.repeat(2).slice(0, MIB - before - head.length - '\r\n--one\r\n'.length)
  return lines(`${head}${text}`, '--one', ...part)
}

test('a header that begins long before the mebibyte’s end and goes on behind it is read, or it is said', async () => {
  const junk = (size: number) => `X-J: a\r\n${` ${'k'.repeat(70)}\r\n`.repeat(size / 73)}`.trimEnd()
  for (const size of [20_000, 60_000, 70_000, 80_000, 120_000, 300_000, 900_000])
    for (const part of [
      [`Content-Type: a/b`, junk(size), ...FILE],
      // Its boundary is far away; a header of its own has begun.
      ['Content-Type: message/rfc822', junk(size / 2), '', 'From: a@b', junk(size / 2), ...FILE],
      ['Content-Type: message/rfc822', '', 'Content-Type: message/rfc822', '', junk(size), ...FILE],
    ])
      for (const before of [size - 500, size / 2, 40]) {
        const { attachments, unreadable = [] } = await read(beginning(before, ...part, '--one--'))
        const isSaid = unreadable.includes('header')
        assert.ok(isSaid || attachments.includes('run.exe'), `${size} ${before}`)
        assert.ok(!isSaid || size > 60_000, `${size} ${before}`)
      }
})

test('so are a boundary, a field and the beginning of a file that are cut in two', async () => {
  const uuencoded = ['begin 644 run.exe', '#0V%T', '`', 'end']
  for (const part of [['', ...uuencoded], FILE, ['Content-Type: message/rfc822', '', ...FILE]])
    for (let before = 1; before < 90; before++) {
      const { attachments, unreadable } = await read(beginning(before, ...part), 65_537)
      assert.ok(attachments.includes('run.exe'), `${part[0]} ${before}`)
      assert.deepEqual(unreadable ?? ['large'], ['large'])
    }
})

test('what holds parts, is encoded and goes on behind is not only too large', async () => {
  const inside = lines('Content-Type: multipart/mixed; boundary=q', '', PADDING, '--q', ...FILE)
  const encoded = Buffer.from(inside).toString('base64').replaceAll(/.{76}/g, '$&\r\n')
  const fields = ['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '']
  const { unreadable } = await read(beginning(MIB - 3000, ...fields, encoded))
  assert.deepEqual(unreadable, ['large', 'header'])
  // Where it ends before that it was read.
  const short = Buffer.from(lines(...FILE)).toString('base64')
  const whole = await read(beginning(MIB - 3000, ...fields, short, '--one', '', PADDING))
  assert.deepEqual([whole.attachments, whole.unreadable], [['run.exe'], ['large']])
})

test('what is too much is said', async () => {
  const said = async (...later: readonly string[]) => (await read(padded(...later))).unreadable
  assert.deepEqual(await said(...Array.from({ length: 1001 }, () => '--one\r\n\r\nx')), [
    'large',
    'too-many-parts',
  ])
  assert.deepEqual(await said('--one', `A: ${'x'.repeat(900)}\r\n`.repeat(100)), [
    'large',
    'header',
  ])
  assert.deepEqual(await said('--x\r\n'.repeat(1_000_000)), ['large', 'too-much-work'])
  assert.deepEqual(
    await said(Array.from({ length: 2001 }, (_, i) => `begin 6 ${i}`).join('\r\n')),
    ['large', 'too-many-names'],
  )
})
