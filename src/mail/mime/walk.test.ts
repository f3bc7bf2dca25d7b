// Every fault of issue 17 A: what some reader shows, we have seen.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { zipOf } from '../../../test/support/hostile-archives.ts'
import { Summarizer } from '../summary.ts'

function read(message: string | Buffer) {
  const summarizer = new Summarizer()
  summarizer.write(typeof message === 'string' ? Buffer.from(message, 'latin1') : message)
  return { ...summarizer.finish('a@isp.example'), archives: summarizer.archives }
}
const lines = (...all: readonly string[]) => all.join('\r\n')
const base64 = (text: string | Buffer, encoding: BufferEncoding = 'utf8') =>
  (typeof text === 'string' ? Buffer.from(text, encoding) : text).toString('base64')

test('a name is found in every spelling', () => {
  for (const field of [
    'Content-Disposition: attachment; filename=run.exe',
    'Content-Disposition: attachment; filename="run.exe"',
    'Content-Disposition: attachment; filename = "run.exe"',
    'Content-Disposition: attachment; FILENAME="run.exe',
    'Content-Disposition: attachment; filename="run.exe; size=1',
    'Content-Disposition: attachment filename=run.exe',
    'Content-Disposition: attachment; size=1 filename="run.exe"',
    'Content-Disposition: attachment; filename="a.txt"; filename="run.exe"',
    'Content-Disposition: attachment; filename="a.txt"; filename*=utf-8\'\'run%2Eexe',
    "Content-Disposition: attachment; filename*=utf-8''run%2Eexe; filename=a.txt",
    'Content-Disposition: attachment; filename*0=run.; filename*1=exe',
    'Content-Disposition: attachment; filename*1=exe; filename*0=run.',
    'Content-Disposition: attachment; filename*0=a.txt; filename*0=run.; filename*1=exe',
    "Content-Disposition: attachment; filename*0*=utf-8''run%2E; filename*1=exe",
    "Content-Type: x/y; name*=utf-8''run.exe; filename*1*=.txt",
    "Content-Disposition: attachment; filename*0*=utf-8''ru; filename*1*=n.exe; name*2*=.txt",
    'Content-Disposition: attachment; filename*0=run.; name*1=exe',
    'Content-Disposition: attachment; filename*0=run.exe; filename*2=.txt',
    'Content-Disposition: attachment; filename*3=.txt; filename*0=run.; filename*1=exe; filename*4=.png',
    'Content-Disposition: attachment; filename*0=run.; filename*2=.txt; filename*3*=exe',
    'Content-Disposition: attachment; filename=run.; filename*1=exe',
    "Content-Disposition: attachment; filename*=utf-8''run.exe; filename*1*=.txt",
    "Content-Disposition: attachment; filename*1*=.txt; filename*=utf-8''run.exe; filename*0*=a",
    'Content-Disposition: attachment; filena(c)me="run.exe"',
    'Content-Type: x/y; na(a (nested) comment)me=run.exe',
    "Content-Disposition: attachment; filename*0*=utf-16be''%00r%00u%00n%00.; filename*1*=%00e%00x%00e",
    "Content-Disposition: attachment; filename*=utf-7''run%2BAC4-exe",
    'Content-Disposition: attachment; filename=run%2Eexe',
    'Content-Disposition: attachment; filename=(a comment)run.exe',
    'Content-Disposition: attachment; filename(a comment)=run.exe',
    'Content-Disposition: attachment; filename="ru\\n.exe"',
    'Content-Disposition: attachment; filename="run\\".exe"',
    'Content-Disposition: attachment; filename="=?utf-8?q?run=2Eexe?="',
    'Content-Disposition: attachment; filename==?utf-8?b?cnVuLmV4ZQ==?=',
    `Content-Disposition: attachment; filename="=?utf-16le?b?${base64('run.exe', 'utf16le')}?="`,
    'Content-Disposition: attachment; filename="=?utf-7?q?run+AC4-exe?="',
    'Content-Disposition: attachment; filename="=?utf-8*en?q?run?= =?utf-8?q?=2Eexe?="',
    'Content-Disposition: =?utf-8?q?attachment=3B_filename=3Drun=2Eexe?=',
    'Content-Disposition: attachment; filename="run.\r\n exe"',
    'Content-Disposition: attachment; filename="run.exe".txt',
    'Content-Type: application/octet-stream; name=run.exe',
    'Content-Type: text/plain; name="run.exe"',
    'Content-Type: application/x; name=run.exe\r\nContent-Type: text/plain',
    'Content-Disposition: inline\r\nContent-Disposition: attachment; filename=run.exe',
    'Content-Disposition : attachment; filename=run.exe',
  ]) {
    const { attachments } = read(
      lines('Content-Type: multipart/mixed; boundary=b', '', '--b', field, '', 'MZ', '--b--', ''),
    )
    assert.ok(
      attachments.some(name => /^run".exe|run\.exe"?$/.test(name.replace(/\. exe/, '.exe'))),
      `${field}: ${attachments}`,
    )
  }
})

test('an ordinary name is one name', () => {
  for (const [field, wanted] of [
    ['application/pdf; name="Invoice 17.pdf"', ['Invoice 17.pdf']],
    ['application/pdf; name="Rechnung 1,5 = 2.pdf"', ['Rechnung 1,5 = 2.pdf']],
    ["application/pdf; name*=utf-8''Gr%C3%BC%C3%9Fe.pdf", ['Grüße.pdf']],
    ['application/pdf; name="Invoice (1).pdf"', ['Invoice (1).pdf']],
  ] as const)
    assert.deepEqual(
      read(`Content-Type: ${field}\r\n\r\nx`).attachments.filter(name => !/[%']/.test(name)),
      wanted,
    )
})

const inside = 'Content-Type: application/x; name=run.exe\r\n\r\nMZ\r\n'

test('a name beside pieces of itself is not put together with them', () => {
  for (const field of [
    'attachment; filename="a.pdf"; filename*=utf-8\'\'a.pdf',
    'attachment; filename*=utf-8\'\'a.pdf; filename="a.pdf"',
  ])
    assert.deepEqual(
      read(`Content-Disposition: ${field}\r\n\r\nx`).attachments.filter(name => name !== 'a.pdf'),
      [],
      field,
    )
})

test('parts are found at every boundary that a mail program may read', () => {
  for (const [field, line] of [
    ['boundary=b', '--b'],
    ['boundary="b"', '--b'],
    ['boundary="b "', '--b'],
    ['boundary="b "', '--b '],
    ['boundary=b c', '--b'],
    ['boundary=b c', '--b c'],
    ['boundary="b;c"', '--b;c'],
    ['boundary=b;c', '--b'],
    ['boundary="b', '--b'],
    ['boundary=x; boundary=b', '--b'],
    ['boundary=b; boundary=x', '--b'],
    ["boundary*=us-ascii''b", '--b'],
    ['boundary*=us-ascii\'\'"b"', '--b'],
    ['boundary*=us-ascii\'\'"b"', '--"b"'],
    ['boundary*0*=us-ascii\'\'"b"; boundary*1="c"', '--bc'],
    ['boundary*=us-ascii\'\'"b c"', '--b c'],
    ['boundar(c)y="b"', '--b'],
    ['boundary*0=b; boundary*2=c', '--b'],
    ['boundary*0=b; boundary*1=c', '--bc'],
    ['boundary="=?us-ascii?q?b?="', '--b'],
    ['boundary="=?us-ascii?q?b?="', '--=?us-ascii?q?b?='],
    ['boundary=b (comment)', '--b'],
    ['boundary="b\\c"', '--bc'],
    ['boundary="b\\c"', '--b\\c'],
    ['boundary=""', '--'],
    ['boundary=b', '--b   '],
    ['boundary=b', '--bcd'],
    ['boundary=x\r\nContent-Type: multipart/mixed; boundary=b', '--b'],
    ['boundary=b\r\nContent-Type: text/plain', '--b'],
  ] as const)
    assert.deepEqual(
      read(
        `Content-Type: multipart/mixed; ${field}\r\n\r\n${line}\r\n${inside}${line}--\r\n`,
      ).attachments.slice(0, 1),
      ['run.exe'],
      `${field} ${line}`,
    )
  for (const type of [
    '"multipart/mixed"',
    'multipart / mixed',
    '(x) multipart/mixed',
    'multipart/mixed boundary=b',
    '=?us-ascii?q?multipart/mixed?=',
    'MULTIPART/mixed',
  ])
    assert.deepEqual(
      read(`Content-Type: ${type}; boundary=b\r\n\r\n--b\r\n${inside}--b--\r\n`).attachments,
      ['run.exe'],
      type,
    )
  const again = lines(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'x',
    '--b--',
    '--b',
    inside,
    '--b--',
  )
  assert.deepEqual(read(again).attachments, ['run.exe'])
})

test('a part whose boundary begins like that of its parent is whole', () => {
  const zip = zipOf([
    { name: 'a.exe', data: deflateRawSync(Buffer.alloc(4000, 'a b c')), method: 8 },
  ])
  const { archives, attachments, text } = read(
    lines(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: multipart/mixed; boundary=b1',
      '',
      '--b1',
      'Content-Type: text/plain',
      '',
      'hello',
      '--b1',
      'Content-Type: application/zip; name=a.zip',
      'Content-Transfer-Encoding: base64',
      '',
      base64(zip),
      '--b1--',
      '--b--',
    ),
  )
  assert.ok(archives.some(({ bytes }) => zip.equals(bytes)))
  assert.ok(attachments.includes('a.zip'))
  assert.match(text, /hello/)
})

test('a digest that is seen only between the boundaries of others is one', () => {
  const { attachments } = read(
    lines(
      'Content-Type: multipart/mixed; boundary=b1',
      '',
      '--b1',
      'Content-Type: multipart/mixed; boundary=c',
      '',
      '--c',
      'Content-Type: multipart/mixed; boundary=b1',
      '',
      '--b1',
      '',
      'x',
      '--b1--',
      '--c',
      'Content-Type: multipart/digest; boundary=cd',
      '',
      '--cd',
      '',
      inside,
      '--cd--',
      '--c--',
      '--b1--',
    ),
  )
  assert.ok(attachments.includes('run.exe'), attachments.join())
})

test('messages in a message are read, whatever they are called', () => {
  for (const type of [
    'message/rfc822',
    'message/global',
    'message/external-body',
    'message/partial',
    'MESSAGE/RFC822',
    'message/x',
  ])
    assert.deepEqual(read(`Content-Type: ${type}\r\n\r\n${inside}`).attachments, ['run.exe'], type)
  for (const encoding of ['base64', '7bit'])
    assert.deepEqual(
      read(
        `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoding === '7bit' ? inside : base64(inside)}`,
      ).attachments,
      ['run.exe'],
    )
  const digest = `Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n${inside}--b--\r\n`
  assert.deepEqual(read(digest).attachments, ['run.exe'])
  const elsewhere = read(
    'Content-Type: message/external-body; access-type=URL; URL="http://a.example/run"\r\n\r\nContent-Type: text/plain\r\n\r\n',
  )
  assert.deepEqual(elsewhere.linkHosts, ['a.example'])
  assert.deepEqual(elsewhere.unreadable, ['elsewhere'])
})

const LINK = 'see http://a.example/ now'

test('text is read in every character set', () => {
  const utf32 = (text: string) =>
    Buffer.concat(Array.from(text, sign => Buffer.from([0, 0, 0, sign.charCodeAt(0)])))
  for (const [charset, bytes] of [
    ['utf-8', Buffer.from(LINK)],
    ['utf-16', Buffer.from(LINK, 'utf16le')],
    ['utf-16le', Buffer.from(LINK, 'utf16le')],
    ['utf-16', Buffer.from(LINK, 'utf16le').swap16()],
    ['UTF-16BE', Buffer.from(LINK, 'utf16le').swap16()],
    ['ucs-2', Buffer.from(LINK, 'utf16le')],
    ['"utf-8"; charset=utf-16le', Buffer.from(LINK, 'utf16le')],
    ['utf-8', Buffer.from(`\ufeff${LINK}`, 'utf16le')],
    ['utf-32', utf32(LINK)],
    ['utf-7', Buffer.from('see +AGgAdAB0AHAAOgAvAC8AYQAuAGUAeABhAG0AcABsAGU-/ now')],
    ['unicode-1-1-utf-7', Buffer.from('see http:+AC8ALw-a.example/ now')],
    ['iso-2022-jp', Buffer.from('\x1b(Bsee http://\x1b(Ja.example\x1b(B/ now', 'latin1')],
    ['nobody-knows', Buffer.from(LINK)],
  ] as const) {
    const { linkHosts } = read(
      `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(bytes)}`,
    )
    assert.deepEqual(linkHosts, ['a.example'], charset)
  }
  for (const name of ['koi8-r', 'KOI8_R', 'windows-1251', 'cp1251', 'x-cp1251'])
    assert.match(
      read(
        `Content-Type: text/plain; charset=${name}\r\n\r\n${name.toLowerCase().startsWith('koi') ? '\xd0' : '\xef'}`,
      ).text,
      /п/,
      name,
    )
})

test('a character set that Cordon does not know is said', () => {
  const ebcdic = '\x85\xa5\x89\x93\x4b\x85\xa7\x85'
  const percent = '%85%A5%89%93%4B%85%A7%85'
  for (const message of [
    `Content-Disposition: attachment; filename*=cp037''${percent}\r\n\r\nx`,
    `Content-Disposition: attachment; filename*0*=cp037''${percent}; filename*1=x\r\n\r\nx`,
    `Content-Disposition: attachment; filename="=?cp037?B?${base64(ebcdic, 'latin1')}?="\r\n\r\nx`,
    `Content-Disposition: =?cp037?B?${base64(ebcdic, 'latin1')}?=\r\n\r\nx`,
    "Content-Type: x/y; name*=unicode_escape''evil%2E\\x65xe\r\n\r\nx",
    `Content-Type: text/plain; charset=cp037\r\n\r\n${ebcdic}`,
    `Content-Type: text/plain; charset=utf-8; charset="IBM-1047"\r\n\r\n${ebcdic}`,
    'Content-Type: text/plain; charset=iso-2022-cn\r\n\r\n\x1b$)G\x0e!a',
    'Content-Type: text/plain; charset=iso-2022-kr\r\n\r\n\x0e!a',
    'Content-Type: text/plain; charset=hz-gb-2312\r\n\r\n~/a',
    'Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\x68ttp',
  ])
    assert.deepEqual(read(message).unreadable, ['character-set'], message)
  for (const [charset, text] of [
    ['nobody-knows', LINK],
    ['cp037', LINK],
    ['cp850', ebcdic],
    ['IBM437', ebcdic],
    ['unknown-8bit', ebcdic],
    ['x-unknown', ebcdic],
    ['utf8mb4', ebcdic],
    ['iso-8859-1 (latin)', ebcdic],
    ['windows-1252', ebcdic],
    ['euc-tw', ebcdic],
    ['', ebcdic],
  ] as const)
    assert.equal(
      read(`Content-Type: text/plain; charset=${charset}\r\n\r\n${text}`).unreadable,
      undefined,
      charset,
    )
  for (const name of ["utf-8'en'Bob%27s.pdf", "iso-8859-1''Gr%FC.pdf", "''Gr%C3%BC.pdf"])
    assert.equal(read(`Content-Type: x/y; name*=${name}\r\n\r\nx`).unreadable, undefined, name)
})

test('text is decoded, however its encoding is spelled', () => {
  const printable = LINK.replace('http', '=68ttp')
  const uu = `begin 644 x\r\n${uuLine(LINK)}\r\n\`\r\nend\r\n`
  for (const [encoding, body] of [
    ['base64', base64(LINK)],
    ['"base64"', base64(LINK)],
    ['base64;', base64(LINK)],
    ['BASE64 (really)', base64(LINK)],
    ['x-base64', base64(LINK)],
    ['7bit\r\nContent-Transfer-Encoding: base64', base64(LINK)],
    ['base64', `${base64('see ')}==${base64(LINK)}`],
    ['base64', base64(LINK).replace(/^../, '$&=')],
    ['base64', base64(LINK).replaceAll(/..../g, '$&-_')],
    ['quoted-printable', printable],
    ['"quoted-printable"', printable],
    ['quoted-printable', LINK.replace('a.ex', 'a.= \r\nex')],
    ['x-uuencode', uu],
    ['uuencode', uu],
    ['"x-uue"', uu],
    ['x-uuencode', uu.replace('begin 644 x', 'begin 644')],
    ['x-uuencode', uu.replace('begin 644 x', 'begin 644 ')],
  ] as const) {
    const { linkHosts } = read(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`)
    assert.ok(linkHosts.includes('a.example'), `${encoding} ${body}: ${linkHosts}`)
  }
})

function uuLine(text: string): string {
  const bytes = Buffer.from(text.padEnd(Math.ceil(text.length / 3) * 3, '\0'), 'latin1')
  const sign = (value: number) => String.fromCharCode((value & 63) + 32)
  let line = sign(text.length)
  for (let i = 0; i < bytes.length; i += 3) {
    const held = bytes.readUIntBE(i, 3)
    line += sign(held >> 18) + sign(held >> 12) + sign(held >> 6) + sign(held)
  }
  return line
}

test('files between lines of a text are attachments', () => {
  const zip = zipOf([{ name: 'a.exe', data: deflateRawSync(Buffer.from('hello')), method: 8 }])
  const rows = zip.toString('latin1').match(/[^]{1,45}/g) ?? []
  const coded = rows.map(row => uuLine(row)).join('\r\n')
  assert.equal(Buffer.from(uuLine('ab')).length, 5)
  const found = read(
    `Subject: x\r\n\r\nhello\r\nbegin 644 a.zip\r\n${coded}\r\n\`\r\nend\r\nbegin-base64 644 run.exe\r\nTVo=\r\n====\r\n`,
  )
  assert.deepEqual(found.attachments, ['a.zip', 'run.exe'])
  assert.equal(found.archives.length, 1)
  assert.deepEqual(read('Subject: x\r\n\r\nbegin 644\r\n').attachments, [])
  assert.deepEqual(read('Subject: x\r\n\r\nLet us begin 2026 well.\r\n').attachments, [])
})

test('text with a name is text all the same', () => {
  const found = read(
    `Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.html\r\n\r\n${LINK}`,
  )
  assert.deepEqual([found.attachments, found.linkHosts], [['a.html'], ['a.example']])
})

test('more than is looked at is said', () => {
  const named = (count: number) =>
    `--b\r\nContent-Type: x/y${Array.from({ length: count }, (_, i) => `; name="${i}.txt"`).join('')}\r\n\r\nx\r\n`
  const holding = (...parts: readonly string[]) =>
    read(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`).unreadable
  assert.equal(holding(named(90)), undefined)
  // No honest part has so many.
  assert.deepEqual(holding(named(150)), ['header'])
  assert.equal(holding(...Array.from({ length: 20 }, () => named(99))), undefined)
  assert.deepEqual(holding(...Array.from({ length: 21 }, () => named(99))), ['too-many-names'])
  const sets = Array.from({ length: 5 }, (_, i) => `; charset=c${i}`).join('')
  assert.deepEqual(read(`Content-Type: text/plain${sets}\r\n\r\nx`).unreadable, ['header'])
  const bounds = Array.from({ length: 30 }, (_, i) => `; boundary=b${i}`).join('')
  assert.deepEqual(read(`Content-Type: multipart/x${bounds}\r\n\r\nx`).unreadable, ['header'])
})
