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
import { filled, framed, latin, pieces } from './inputs.ts'
import { hasLongLine, MESSAGES } from './messages.ts'
import { summarized } from './summarized.ts'

const MEBIBYTE = 1024 * 1024
/** For one message, however large it is: stated in docs/operations.md. */
const MOST = 32 * MEBIBYTE
/** With a line over 998 octets: it is read as it is kept, and as it is sent. */
const MOST_OF_TWO = 2 * MOST
const mostOf = (message: string) => (hasLongLine(message) ? MOST_OF_TWO : MOST)
/**
 * The smallest message that is measured. What is behind the limit of a header (256 KiB) is text, and costs otherwise: only beyond it is the same
 * done for each octet that is added.
 */
const FROM = 524_288

/** More than is kept of a message: what is behind it takes no steps here. */
const BEYOND = MEBIBYTE + 65_536

/** From FROM to BEYOND: twice the size, and where a message is cut it is looked at once more. Four times would be a quadratic one. */
const GROWS = 2.5

test('a message is read in proportion to its size, and none takes more steps than is said (docs/operations.md)', () => {
  for (const [name, make] of Object.entries(MESSAGES)) {
    const take = (size: number) => steps(summarized(latin(make(size))))
    const [half, whole] = [take(FROM), take(BEYOND)]
    assert.ok(whole <= GROWS * half, `${name}: ${half} steps at ${FROM}, ${whole} at ${BEYOND}`)
    for (const taken of [half, whole])
      assert.ok(taken <= mostOf(make(FROM)), `${name}: ${taken} steps`)
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
