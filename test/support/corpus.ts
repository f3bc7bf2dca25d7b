// Messages that were made to hurt whoever reads them: too deep, too many, too large, in no character set, with bombs in them.

import { deflateRawSync } from 'node:zlib'

type Made = {
  readonly chunks: () => Iterable<Uint8Array>
  /** Reasons with which it is refused; empty when it is not. */
  readonly refused: string
}

const MIB = 1024 * 1024
const text = (whole: string, refused = ''): Made => ({
  chunks: () => [Buffer.from(whole, 'latin1')],
  refused,
})
const repeat = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('')

/** A header, then `size` bytes of a pattern, in the pieces in which they come from a socket. */
function* stream(header: string, size: number, pattern: string): Iterable<Uint8Array> {
  yield Buffer.from(header, 'latin1')
  const piece = Buffer.alloc(64 * 1024, pattern)
  for (let sent = 0; sent < size; sent += piece.length) yield piece
}

/** One file in a ZIP. */
function zip(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content)
  const head = Buffer.alloc(30)
  head.write('PK\x03\x04', 0, 'latin1')
  head.writeUInt16LE(8, 8)
  head.writeUInt32LE(packed.length, 18)
  head.writeUInt32LE(content.length, 22)
  head.writeUInt16LE(name.length, 26)
  return Buffer.concat([head, Buffer.from(name), packed])
}

const attached = (name: string, bytes: Buffer) =>
  `Content-Type: application/zip; name="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`

/** A gibibyte of nothing in a zip in a zip in a zip. */
function bomb(): Buffer {
  let inner: Buffer = zip('zeros', Buffer.alloc(16 * MIB))
  for (let i = 0; i < 64; i++) inner = Buffer.concat([inner, zip(`zeros${i}`, Buffer.alloc(MIB))])
  for (let depth = 0; depth < 5; depth++) inner = zip(`inner${depth}.zip`, inner)
  return inner
}

const nested = (depth: number) =>
  `${repeat(depth, i => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`)}Content-Type: text/plain\r\n\r\nhttp://%65vil.example/\r\n`

const forwarded = (depth: number, inside: string) =>
  `${repeat(depth, () => 'Content-Type: message/rfc822\r\n\r\n')}${inside}`

export const CORPUS: Readonly<Record<string, Made>> = {
  'ten thousand parts': text(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${repeat(10_000, i => `--b\r\n\r\npart ${i}\r\n`)}--b--`,
    'unreadable-message',
  ),
  'ten thousand parts, something bad in the tenth': text(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${repeat(10_000, i => `--b\r\n\r\n${i === 9 ? 'http://%65vil.example/' : 'x'}\r\n`)}--b--`,
    'hidden-link unreadable-message',
  ),
  'five hundred multiparts in one another': text(nested(500), 'unreadable-message'),
  'three multiparts in one another': text(nested(3), 'hidden-link'),
  'a thousand messages in one another': text(
    forwarded(1000, 'Subject: x\r\n\r\nhello\r\n'),
    'unreadable-message',
  ),
  'a program, forwarded twice': text(
    forwarded(2, 'Content-Type: application/octet-stream; name=run.exe\r\n\r\nMZ\r\n'),
    'dangerous-attachment',
  ),
  'a hundred mebibytes of base64': {
    chunks: () =>
      stream(
        'Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n',
        100 * MIB,
        'QUFB',
      ),
    refused: '',
  },
  'a hundred mebibytes in one line': {
    chunks: () => stream('Subject: x\r\n\r\n', 100 * MIB, 'http://a/'),
    refused: '',
  },
  'a hundred mebibytes of header': {
    chunks: () => stream('Subject: x\r\n', 100 * MIB, 'X: y\r\n'),
    refused: 'unreadable-message',
  },
  'boundaries that never end': text(
    `Content-Type: multipart/mixed; boundary=-\r\n\r\n${'-'.repeat(900_000)}\r\n`,
  ),
  'equals signs only': text(
    // In one line: it is read as it is kept and as it is folded on its way, and together that is too much work.
    `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'='.repeat(900_000)}\r\n`,
    'unreadable-message',
  ),
  'brackets only': text(`Content-Type: text/html\r\n\r\n${'<a href="http://'.repeat(60_000)}\r\n`),
  'a character set nobody has': text(
    'Content-Type: text/plain; charset="x-klingon"\r\n\r\nsee http://%65vil.example/ \xff\xfe\x00\r\n',
    'hidden-link unreadable-message',
  ),
  'two character sets': text(
    'Content-Type: text/plain; charset=utf-7; charset=utf-16\r\n\r\n+ADw-script+AD4-\r\n',
  ),
  'a bomb': text(attached('holiday.zip', bomb()), 'unreadable-message'),
  'a program beside a bomb': text(
    attached('holiday.zip', Buffer.concat([zip('run.exe', Buffer.from('MZ')), bomb()])),
    'dangerous-attachment unreadable-message',
  ),
  'nothing at all': text(''),
  'zeros only': text('\0'.repeat(900_000), 'unreadable-message'),
  'long names': text(
    `Content-Type: application/x; name="${'a'.repeat(200_000)}.exe"\r\n\r\nMZ\r\n`,
    'dangerous-attachment unreadable-message',
  ),
  'a name in pieces': text(
    'Content-Type: application/x;\r\n name*0*=utf-8\'\'holiday%2E;\r\n name*1="e";\r\n name*2="xe"\r\n\r\nMZ\r\n',
    'dangerous-attachment',
  ),
  'ten thousand pieces of a name': text(
    `Content-Type: application/x${repeat(10_000, i => `; name*${i}=a`)}\r\n\r\nMZ\r\n`,
    'unreadable-message',
  ),
  'encoded words only': text(`Subject: ${'=?utf-8?b?'.repeat(20_000)}\r\n\r\nhello\r\n`),
}
