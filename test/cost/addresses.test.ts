// Looking for addresses, in fields that are made to be misread and in texts of signs that are dear to compare.

import { steps } from './steps.ts'
import { assertLinear } from './growth.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorsOf } from '../../src/mail/authors.ts'
import { filled, latin } from './inputs.ts'
import { hasLongLine } from './messages.ts'
import { summarized } from './summarized.ts'

const MEBIBYTE = 1024 * 1024

/** Combining marks in falling order, which V8 puts in order by insertion. */
const marks = (count: number): string => '\u0315'.repeat(count / 2) + '\u0323'.repeat(count / 2)

/** One character a byte. */
const inBytes = (text: string): string => Buffer.from(text).toString('latin1')

test('a text of combining marks is searched for addresses in proportion to its length', () => {
  const wanted = new Set(['trap@isp.example'])
  const text = (body: string) => `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}`
  const file = (body: string) =>
    `Content-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}`
  const MARKED: Readonly<Record<string, (size: number) => string>> = {
    'as they are': size => inBytes(text(`a@${marks(size / 2)}`)),
    'as a file': size => file(`a@${marks(size / 3)}`),
    'that become two': size => inBytes(text(`a@${'\u0344'.repeat(size / 2)}`)),
    'that become three': size => inBytes(text(`a@${'\u0f73'.repeat(size / 3)}`)),
    'by number': size => text(`a@${filled('&#789;', size / 2)}${filled('&#803;', size / 2)}`),
    'that are letters': size =>
      inBytes(text(`a@${'\u0315'.repeat(size / 4)}${'\uff9e'.repeat(size / 6)}`)),
    'with what nobody sees between them': size =>
      inBytes(text(`a@${'\u0315\u00ad'.repeat(size / 8)}${'\u0323\u200b'.repeat(size / 10)}`)),
    'thirty by thirty': size => inBytes(text(filled(`a@${marks(30)}`, size / 2))),
    'none, but addresses that are not ASCII': size => inBytes(text(filled('@\u00fc', size / 2))),
    'in words': size => `Subject: ${filled('=?utf-8?q?a@=CC=95=CC=A3?= ', size)}\r\n\r\n`,
  }
  for (const [name, make] of Object.entries(MARKED))
    assertLinear(`marks ${name}`, {
      from: 65_536,
      upTo: 131_072,
      // With a long line it is read twice: as it is kept, and as it is sent.
      perUnit: hasLongLine(make(65_536)) ? 320 : 160,
      prepare: size => summarized(latin(make(size)), 65_536, wanted),
    })
})

/** What all fields of addresses may take that are not well formed: they are read in many ways, until a budget is spent. */
const MOST_OF_ADDRESSES = 2 * MEBIBYTE

test('a From and a Reply-To that are not well formed take no more steps than is said, and what is too long none', () => {
  const UNITS = [
    'a@b,',
    '<',
    '(',
    '"',
    '\\',
    ':',
    ' @ ',
    '[',
    'a b ',
    '.. ',
    '. ',
    '(a@b)',
    'a@"b"."c"(d)<>e ',
    '=?a?q?',
    '=?utf-8?q?=40?=',
    '=?utf-8?q?a=40b"("<>)=2Ee?= (x"y)z. <q> ',
    'a@\xe4\xa0',
    inBytes(`a@${marks(200)}`),
    inBytes(`x@ a.${marks(800)}[b]c"d"e"f"g (c(d)\n e) =?utf-8?q?x?= <> <y>`),
    inBytes(`a@${marks(60)}(b)`),
    `=?utf-8?q?a=40${'=CC=95'.repeat(100)}${'=CC=A3'.repeat(100)}?= `,
  ]
  for (const unit of UNITS) {
    for (const length of [970, 1990]) {
      const value = `] ${filled(unit, length)}`
      const five = ['From', 'Reply-To'].map(name =>
        `${name}: ${value.replaceAll('\n', '\n ')}\n`.repeat(5),
      )
      const message = `${five.join('')}\n`
      const taken = steps(summarized(latin(message)))
      const most = hasLongLine(message) ? 2 * MOST_OF_ADDRESSES : MOST_OF_ADDRESSES
      assert.ok(taken <= most, `${unit.slice(0, 40)} of ${length}: ${taken} steps`)
    }
    const many = Array.from({ length: 25 }, () => ({ name: 'from', value: filled(unit, 9800) }))
    const none = steps(() => authorsOf(many))
    assert.ok(none < 1000, `${unit}: ${none} steps`)
  }
})
