// Reading a message takes work in proportion to its size, whatever stands in it.

import { steps } from './steps.ts'
import { assertLinear } from './growth.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorsOf } from '../../src/mail/authors.ts'
import { batv, withoutTag } from '../../src/mail/batv.ts'
import { fingerprint } from '../../src/mail/fingerprint.ts'
import { ForgedResults } from '../../src/mail/forged-results.ts'
import { stampName } from '../../src/mail/hashcash.ts'
import { organisationalDomain } from '../../src/mail/organisational-domain.ts'
import { classifyReply } from '../../src/mail/reply-class.ts'
import { allShinglesOf } from '../../src/mail/shingles.ts'
import { srs } from '../../src/mail/srs.ts'
import { cameFrom } from '../../src/mail/trace.ts'
import { LongLines } from '../../src/mail/long-lines.ts'
import { decodeWords } from '../../src/mail/mime/encoded-words.ts'
import { LaterParts } from '../../src/mail/mime/later-parts.ts'
import { parameters } from '../../src/mail/mime/parameters.ts'
import { ReadingBudget } from '../../src/mail/reading-budget.ts'
import { StructuredField } from '../../src/mail/mime/structured-field.ts'
import { decodeTransfer } from '../../src/mail/mime/transfer-encoding.ts'
import { decodeXtext } from '../../src/mail/xtext.ts'
import { filled, framed, latin, numbered, pieces, wide } from './inputs.ts'
import { summarized } from './summarized.ts'

const MEBIBYTE = 1024 * 1024
/** For one message, however large it is: stated in docs/operations.md. */
const MOST = 32 * MEBIBYTE
/** With a line over 998 octets: it is read as it is kept, and as it is sent. */
const MOST_OF_TWO = 2 * MOST

const multipart = (boundary: string, body: string) =>
  `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${body}`

/** A multipart in a multipart in a multipart, with text enough inside. */
function nested(size: number): string {
  const depth = 64
  const text = filled('a b\r\n', size)
  let message = `Content-Type: text/plain\r\n\r\n${text}`
  for (let i = depth; i > 0; i--)
    message = multipart(`b${i}`, `--b${i}\r\n${message}\r\n--b${i}--\r\n`)
  return message
}

function messagesInMessages(size: number): string {
  let message = `Subject: x\r\n\r\n${filled('a b\r\n', size)}`
  for (let i = 0; i < 64; i++) message = `Content-Type: message/rfc822\r\n\r\n${message}`
  return message
}

const encoded = (encoding: string, unit: string) => (size: number) =>
  `Content-Type: text/html\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${filled(unit, size)}`

const MESSAGES: Readonly<Record<string, (size: number) => string>> = {
  'nothing but zeros': size => filled('\0', size),
  'a header of one field': size => `Subject: ${filled('x', size)}`,
  'a header of short fields': size => filled('a:b\r\n', size),
  'a header of continued lines': size => `X: a\r\n${filled(' b\r\n', size)}`,
  'a header of Content-Type': size => numbered(i => `Content-Type: a/b; p${i}=1\r\n`, size),
  'many From fields': size => filled('From: <a@b>, c@d, "e" <f@g>\r\n', size),
  'one long From': size => `From: ${filled('a@b, ', size)}\r\n\r\n`,
  'a From of brackets': size => `From: ${filled('<', size)}\r\n\r\n`,
  'a From of comments': size => `From: ${filled('(', size)}\r\n\r\n`,
  'a From of quotes and escapes': size => `From: ${filled('"\\', size)}\r\n\r\n`,
  'a From of groups': size => `From: ${filled('a:', size)}\r\n\r\n`,
  'a From of @': size => `From: ${filled('@ ', size)}\r\n\r\n`,
  'words that never end': size => `Subject: ${filled('=?utf-8?q?', size)}\r\n\r\n`,
  'words and spaces': size => `Subject: ${filled('?= ', size)}\r\n\r\n`,
  'parts without anything': size => multipart('b', filled('--b\r\n', size)),
  'parts with a header': size => multipart('b', filled('--b\r\nA: b\r\n\r\nc\r\n', size)),
  'boundaries in the middle of lines': size => multipart('b', filled(' --b', size)),
  'boundaries side by side': size => multipart('-', filled('-', size)),
  'a long boundary that nearly fits': size =>
    multipart(`b${'a'.repeat(990)}`, filled(`--z${'a'.repeat(990)}\r\n`, size)),
  'a boundary that is longer than its lines': size =>
    multipart('a'.repeat(5000), filled(`--${'a'.repeat(900)}\r\n`, size)),
  'a boundary twice, and many that are none': size =>
    `Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n${filled('--ab\r\n--bc\r\n', size)}`,
  'as many boundaries as are read': size =>
    `Content-Type: multipart/mixed${numbered(i => `; boundary=b${i % 30}`, 600)}\r\n\r\n${filled('--b1\r\nx\r\n', size)}`,
  'multiparts of many boundaries, each of many parts': size =>
    multipart('b', filled(`--b\r\n${wide('c')}${filled('--c1\r\n--c2 x\r\n\r\n', 8000)}`, size)),
  'multiparts of many boundaries, deep in one another': size =>
    filled(
      numbered(i => `${wide(`${i}_`)}--${i}_1\r\n`, 8000),
      size,
    ),
  'a boundary within the same boundary': size =>
    multipart('b', filled('--b\r\nContent-Type: multipart/digest; boundary=b\r\n\r\n', size)),
  'parts of two types, each encoded in three ways': size =>
    multipart(
      'b',
      filled(
        '--b\r\nContent-Type: "text/plain"; name=a(b; name="c\r\nContent-Type: message/x\r\nContent-Transfer-Encoding: x base64 uu printable\r\n\r\nQQ=AA=41\r\n',
        size,
      ),
    ),
  'names without an end': size => `Content-Type: a/b; ${filled('name="', size)}\r\n\r\n`,
  'names with escapes': size => `Content-Type: a/b; name="${filled('\\"', size)}\r\n\r\n`,
  'names of backslashes': size => `Content-Type: a/b; name="${filled('\\', size)}"\r\n\r\n`,
  'names and semicolons': size => `Content-Type: a/b; name="a${filled(';', size)}name=b\r\n\r\n`,
  'names in comments': size => `Content-Type: a/b; ${filled('(name=a', size)}\r\n\r\n`,
  'names in words': size => `Content-Type: a/b; ${filled('=?utf-8?q?name=3Da?= ', size)}\r\n\r\n`,
  'pieces of names': size =>
    `Content-Type: a/b${numbered(i => `; name*${i % 50}*="a%41"b`, size)}\r\n\r\n`,
  'folded names': size => `Content-Type: a/b; name=a${filled('\r\n name=b', size)}\r\n\r\n`,
  'a hundred parts with odd names': size =>
    multipart(
      'b',
      filled(`--b\r\nContent-Type: a/b; ${filled('name="a;', size / 100)}\r\n\r\n`, size),
    ),
  ...Object.fromEntries(
    [
      ['brackets', 'Content-Type: ', '('],
      ['pairs of brackets', 'Content-Type: ', '()'],
      ['brackets and backslashes', 'Content-Type: ', '(\\'],
      ['brackets', 'Content-Transfer-Encoding: ', '('],
      ['escaped quotes', 'Content-Type: text/plain; name=', '"\\'],
      ['quotes', 'Content-Type: text/plain; name=', '"a'],
      ['quotes and brackets', 'Content-Type: text/plain; name=', '"('],
      ['semicolons', 'Content-Type: text/plain; name="a', ';'],
      ['names that open a quote', 'Content-Type: text/plain; ', 'name=a"('],
      ['pieces', 'Content-Type: text/plain; ', `name*1*="a%41'";`],
      ['words', 'Content-Disposition: attachment; filename="', '=?utf-8?q?a?='],
      ['boundaries', 'Content-Type: multipart/mixed; ', 'boundary="b\\";'],
      ['character sets', 'Content-Type: text/plain; ', 'charset="(utf-8;'],
    ].map(([what = '', before = '', unit = '']) => [
      `a hundred ${before.split(':', 1)[0]} of ${what}`,
      (size: number) =>
        multipart(
          'b',
          `--b\r\n${before}${filled(unit, size / 100 - 30 - before.length)}\r\n\r\nx\r\n`.repeat(
            100,
          ),
        ),
    ]),
  ),
  'UTF-7': size => `Content-Type: text/plain; charset=utf-7\r\n\r\n${filled('+AGE', size)}`,
  'UTF-7 of shifts': size =>
    `Content-Type: text/plain; charset=utf-7\r\n\r\n${filled('+A-', size)}`,
  'UTF-16 of line ends': size =>
    `Content-Type: text/plain; charset=utf-16\r\n\r\n${filled('\r\n', size)}`,
  'UTF-32': size => `Content-Type: text/plain; charset=utf-32\r\n\r\n${filled('\0\0\0a', size)}`,
  'four character sets': size =>
    `Content-Type: text/plain; charset=utf-16; charset=utf-32; charset=utf-7; charset=iso-2022-jp\r\n\r\n${filled('a\r\n', size)}`,
  'escapes of ISO-2022-JP': size =>
    `Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${filled('\x1b$B\x1b(B', size)}`,
  'uuencoded lines': size => `\r\nbegin 644 x\r\n${filled('#0V%T\r\n', size)}`,
  'beginnings of uuencoded files': size => `\r\n${filled('begin 644 x\r\n', size)}`,
  'base64 in pieces': encoded('base64', 'QQ=='),
  'base64 with other signs': encoded('base64', 'QU-J_D'),
  'spaces behind equals signs': encoded('quoted-printable', '=  \t'),
  'parts in parts': nested,
  'messages in messages': messagesInMessages,
  'messages in messages, decoded each time': size =>
    'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'.repeat(
      64,
    ) + filled('a b\r\n', size),
  'one part in pieces, each of a new boundary': size =>
    numbered(i => multipart(`b${i}`, `--b${i}\r\n`), size),
  'base64 of junk': encoded('base64', '!"§$%&/()='),
  'base64 of spaces': encoded('base64', 'A \r\n'),
  'quoted-printable of equals signs': encoded('quoted-printable', '='),
  'quoted-printable that ends no line': encoded('quoted-printable', '=\r'),
  'quoted-printable of escapes': encoded('quoted-printable', '=3D'),
  'letters by number': encoded('7bit', '&#x41;'),
  'letters by number that do not end': encoded('7bit', '&#'),
  'links without an end': encoded('7bit', 'http://'),
  'links of one letter': encoded('7bit', 'http://a '),
  'ever new links': size => encoded('7bit', '')(0) + numbered(i => `http://${i}.example/ `, size),
  greetings: encoded('7bit', 'hi '),
  'a long greeting': size => encoded('7bit', ' ')(size).replace('\r\n\r\n', '\r\n\r\nhi'),
}

test('a message is read in proportion to its size', () => {
  for (const [name, make] of Object.entries(MESSAGES))
    assertLinear(name, {
      from: 262_144,
      upTo: MEBIBYTE,
      // With a long line it is read twice, the second time as it is sent.
      perUnit: 140,
      // A little less than is kept of a message: where it is cut it is looked at once more, which the next test counts.
      prepare: size => summarized(latin(make(size - 4096))),
    })
})

test('no message takes more steps than is said (docs/operations.md)', () => {
  for (const [name, make] of Object.entries(MESSAGES)) {
    const message = make(2 * MEBIBYTE)
    const taken = steps(summarized(latin(message)))
    const most = /[^\n]{1000}/.test(message) ? MOST_OF_TWO : MOST
    assert.ok(taken <= most, `${name}: ${taken} steps`)
  }
})

/** What follows the first mebibyte of it, at most: stated in docs/operations.md. */
const MOST_LATER = 24 * MEBIBYTE

test('the rest of a message takes no more steps than is said, however long it is', () => {
  const UNITS = {
    'lines with dashes': '--x\r\n',
    boundaries: '--b\r\n',
    'boundaries and headers': '--b\r\nContent-Type: a/b; name="x"; boundary=\r\n\r\nx\r\n',
    'headers without an end': '--b\r\nA: b\r\n C\r\n',
    'odd names': `--b\r\nContent-Type: a/b; ${filled('name="a;', 9000)}\r\n\r\n`,
    'beginnings of files': 'begin 644 x\r\n',
    'messages in messages': 'Content-Type: message/rfc822\r\n\r\n',
    'no line at all': 'x',
  }
  for (const [name, unit] of Object.entries(UNITS)) {
    const parts = pieces(latin(filled(unit, 4 * MEBIBYTE)), 65_536)
    const taken = steps(() => {
      const later = new LaterParts(
        Array.from({ length: 100 }, (_, i) => `${i}`).toSpliced(0, 1, 'b'),
      )
      for (const part of parts) later.push(part)
      later.end()
    })
    assert.ok(taken <= MOST_LATER, `${name}: ${taken} steps`)
  }
})

test('pieces of a message may be as small as they like', () => {
  assertLinear('pieces of three bytes', {
    from: 65_536,
    upTo: 131_072,
    perUnit: 40,
    prepare: size => summarized(latin(filled('a: b\r\n', size)), 3),
  })
})

test('forged results are taken out in proportion to the size of the header', () => {
  const results = 'Authentication-Results: mail.isp.example; spf=pass\r\n'
  const HEADERS: Readonly<Record<string, (size: number) => string>> = {
    'forged fields': size => filled(results, size),
    'forged and other fields': size => filled(`${results}A: b\r\n`, size),
    'one forged field': size =>
      `Authentication-Results: mail.isp.example;\r\n${filled(' a\r\n', size)}`,
    'a forged line': size => `Authentication-Results: mail.isp.example;${filled('a', size)}`,
    comments: size => `Authentication-Results: ${filled('(', size)}`,
    'comments of escapes': size => `Authentication-Results: (${filled('\\', size)}`,
    'short fields': size => filled('a:\r\n', size),
    'no header': size => filled('a', size),
  }
  for (const [name, make] of Object.entries(HEADERS))
    for (const piece of [16_384, 7])
      assertLinear(`${name} in pieces of ${piece}`, {
        from: piece === 7 ? 16_384 : 131_072,
        upTo: piece === 7 ? 32_768 : 262_144,
        // A line that has begun is looked at again with each piece of it.
        perUnit: 25,
        prepare: size => {
          const cut = pieces(latin(make(size)), piece)
          return () => {
            const filter = new ForgedResults('mail.isp.example')
            for (const part of cut) filter.push(part)
            filter.end()
          }
        },
      })
})

test('long lines are folded in proportion to what there is', () => {
  for (const unit of [
    'a',
    'a'.repeat(998) + '\r\n',
    'a'.repeat(999) + '\r\n',
    '\r\n',
    '\x80',
    '\r',
    '=C3',
    ' ',
    'a b',
    '\x1b$B!!',
    '\x0e',
  ])
    for (const piece of [16_384, 7])
      assertLinear(`${JSON.stringify(unit.slice(-4))} in pieces of ${piece}`, {
        from: piece === 7 ? 16_384 : 131_072,
        upTo: piece === 7 ? 32_768 : 262_144,
        // A line that has begun is copied with each piece of it.
        perUnit: 200,
        prepare: size => {
          const cut = pieces(latin(filled(unit, size)), piece)
          return () => {
            const lines = new LongLines()
            for (const part of cut) lines.push(part)
            lines.end()
          }
        },
      })
})

const TEXTS: readonly (readonly [string, (text: string) => unknown, number, readonly string[]])[] =
  [
    [
      'addresses',
      value => authorsOf([{ name: 'from', value }]),
      262_144,
      ['a@b,', '<', '(', '"', '\\', ':', ';', ' @ ', '[', 'a b ', '.. '],
    ],
    [
      'a parameter',
      text =>
        parameters([new StructuredField({ value: `a/b; ${text}` })], 'name', new ReadingBudget()),
      262_144,
      [';', '; ', ';a="', ';name*0*=', ';name*1="a";', ';a=b', '"\\', ';name*=%41'],
    ],
    [
      'encoded words',
      decodeWords,
      262_144,
      ['=?', '=?a?q?', '=?a?b?', '?= =?', '=?a?q?=41?=', '_', '?=   '],
    ],
    ['a fingerprint', fingerprint, 262_144, ['http://', 'hi ', 'dear   ', 'ab ', 'abc', ' ']],
    [
      'phrases',
      allShinglesOf,
      65_536,
      ['abc ', 'ab', ' ', '春夏秋', 'a\u0301', '\u0301', '문의 ', '1'],
    ],
    [
      'a stamp',
      text => stampName(text, { recipients: ['a@b'], minBits: 20, at: 0 }),
      65_536,
      [' ', ':', '1:'],
    ],
    ['a domain', organisationalDomain, 65_536, ['a.', '.', 'a', 'co.uk.']],
    [
      'a reply',
      text => classifyReply(550, text),
      65_536,
      [
        'exceed',
        'mailbox ',
        'user',
        'account ',
        'rate',
        'messages from [',
        'messages from 1.',
        ' no',
        'relay',
        '5.1.',
        'recip',
        'exhausted ',
        'address rejected',
      ],
    ],
    [
      'a forwarded address',
      text => srs('isp.example', 's').forward(text, 0),
      65_536,
      ['SRS0=', 'SRS1=a=', '=', '@'],
    ],
    [
      'a returned address',
      text => srs('isp.example', 's').reverse(text, 0),
      65_536,
      ['SRS0=', 'SRS0=a=AA=b=', 'SRS1=a=b==', '=', '@'],
    ],
    [
      'a tag',
      text => [withoutTag(text), batv('s').isOurs(text, 0)],
      65_536,
      ['prvs=', 'prvs=0000000000=', '=', '@'],
    ],
    [
      'trace lines',
      cameFrom,
      65_536,
      ['Received: from ', 'Received: from a ([', 'Received: from a ([1', '\n'],
    ],
    ['xtext', decodeXtext, 65_536, ['+', '+41', 'a']],
    ...(['base64', 'quoted-printable', 'uuencode', 'none'] as const).map(
      encoding =>
        [
          encoding,
          (text: string) => decodeTransfer(latin(text), encoding),
          MEBIBYTE,
          ['=', '=\r', '=3D', '!', 'A'],
        ] as const,
    ),
  ]

for (const [name, read, upTo, units] of TEXTS)
  test(`${name}: read in proportion to its length`, () => {
    for (const unit of units)
      for (const end of ['', '\n', '"'])
        assertLinear(`${name} of ${JSON.stringify(unit)}`, {
          from: upTo / 4,
          upTo,
          perUnit: 60,
          prepare: size => {
            const text = framed('', unit, end)(size)
            return () => read(text)
          },
        })
  })
