// Messages that cost as much as they can: of each, one of any size.

import { CONTAINER_MESSAGES } from './container-messages.ts'
import { filled, numbered, wide } from './inputs.ts'

/** It is read as it is kept, and as it is sent. */
export const hasLongLine = (message: string): boolean => /[^\n]{1000}/.test(message)

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

export const MESSAGES: Readonly<Record<string, (size: number) => string>> = {
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
  'words of long character sets': size =>
    `Subject: ${filled(`=?${'x'.repeat(400)}*${'y'.repeat(400)}?q?a?= `, size)}\r\n\r\n`,
  'words that are all character set': size => `Subject: ${filled('=?*', size)}\r\n\r\n`,
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
  'names of long character sets': size =>
    `Content-Type: a/b${numbered(i => `; name*${i}*="${'x'.repeat(400)}'${'y;'.repeat(200)}'a%41"b`, size)}\r\n\r\n`,
  'a hundred names without a semicolon': size =>
    multipart('b', filled(`--b\r\nContent-Type: a/b; ${'name*='.repeat(100)}x''a\r\n\r\n`, size)),
  'names before much space and a character set': size =>
    multipart(
      'b',
      filled(
        `--b\r\nContent-Type: a/b; ${'name*='.repeat(100)}x${' '.repeat(9000)}''a\r\n\r\n`,
        size,
      ),
    ),
  ...Object.fromEntries(
    ['name', 'name*', 'boundary'].flatMap(name =>
      ['"', "'", '\\', ' (', 'a'].map(sign => [
        `${name} and two thousand times ${sign}`,
        (size: number) =>
          multipart(
            'b',
            filled(
              `--b\r\nContent-Type: multipart/x; ${`${name}="=x${sign.repeat(200)}`.repeat(10)}(\r\n\r\n`,
              size,
            ),
          ),
      ]),
    ),
  ),
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
  ...CONTAINER_MESSAGES,
  'links without a scheme and line ends in them': encoded('7bit', '"/\t\n/'),
  'slashes and line ends': encoded('7bit', '/\n\n'),
  'links behind others in a tag': encoded('7bit', '<a x="1 //a, //b'),
  'links in a tag that does not end': size => encoded('7bit', ' //a@')(size).replace(' ', '<a '),
  'quotes by name in a link': encoded('7bit', '"//a&quot;'),
  'parts of a multipart without a boundary': size =>
    `Content-Type: multipart/mixed\r\n\r\n${filled('--\r\n', size)}`,
  'character sets that HTML says itself': size =>
    `Content-Type: text/html\r\n\r\n\x1b${filled('charset=a encoding= ', 4000)}<meta charset=iso-2022-jp>${filled('\x1b(B', size)}`,
  'files of a text without a type': size => `\r\n${filled('begin 644 x\r\n=ybegin \r\n', size)}`,
  greetings: encoded('7bit', 'hi '),
  'a long greeting': size => encoded('7bit', ' ')(size).replace('\r\n\r\n', '\r\n\r\nhi'),
}
