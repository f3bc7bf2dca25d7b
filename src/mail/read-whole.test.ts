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
  ['with a boundary that only begins like it', padded('--one and more', ...FILE)],
  ['with bare line feeds', padded('--one', ...FILE, '--one--').replaceAll('\r\n', '\n')],
] as const)
  test(`a name behind the first mebibyte is read: ${what}`, async () => {
    for (const piece of [65_536, 1_000_003, 701]) {
      const { attachments, unreadable } = await read(message, piece)
      assert.deepEqual(attachments, ['run.exe'])
      assert.deepEqual(unreadable, ['large'])
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
