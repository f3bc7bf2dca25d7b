// A file in a calendar or an address card is read as one that is attached, and their text as a program shows it that knows such lines.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { hides } from '../../core/policy/encoded-url.ts'
import { Summarizer } from '../summary.ts'

const calendar = (lines: string) => `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${lines}\r\nEND:VEVENT\r\n`

function read(lines: string, type = 'text/calendar', wrap = calendar) {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(`Content-Type: ${type}\r\n\r\n${wrap(lines)}`, 'latin1'))
  const summary = summarizer.finish('a@isp.example')
  return { ...summary, archives: summarizer.archives }
}

const BINARY = 'ENCODING=BASE64;VALUE=BINARY'
const PACKED = gzipSync('what is in it')

test('the name of a file in a calendar, however it is written', () => {
  for (const line of [
    `ATTACH;${BINARY};X-FILENAME=run.exe:TVqQ`,
    `ATTACH;X-FILENAME="run.exe";${BINARY}:TVqQ`,
    `attach;x-filename=run.exe;value=binary;encoding=base64:TVqQ`,
    `ATTACH;FMTTYPE=a/b;${BINARY};FILENAME=run.exe:TVqQ`,
    `ATTACH;X-APPLE-FILENAME=run.exe;ENCODING=BASE64:TVqQ`,
    `ATTACH;${BINARY};X-FILE\r\n NAME=run\r\n\t.exe:TVqQ`,
    `ATTACH;${BINARY};X-FILENAME=run.exe:TV:qQ`,
    `ATTACH;X-A="a:b";${BINARY};X-FILENAME=run.exe:TVqQ`,
    `ATTACH;X-A="a:b;${BINARY};X-FILENAME=run.exe:TVqQ`,
    `ATTACH;${BINARY};X-FILENAME="a;b^n/run.exe":TVqQ`,
    `ATTACH;X-FILENAME=run.exe:TVqQ`,
    `ATTACH;FILENAME=run.exe:data:a/b;base64,TVqQ`,
    `ATTACH:data:a/b;name=run.exe;base64,TVqQ`,
    `X-OTHER;${BINARY};X-FILENAME=run.exe:TVqQ`,
    `item1.PHOTO;BASE64;X-FILENAME=run.exe:TVqQ`,
  ])
    for (const type of [
      'text/calendar; method=REQUEST',
      'application/ics',
      'text/x-vcalendar',
      'text/vcard',
      'a/b; name=x.ics',
      'text/plain; name=x.vcf',
    ]) {
      const { attachments, unreadable } = read(line, type)
      assert.ok(
        attachments.some(name => /run\.exe(?::TV)?$/.test(name)),
        `${type} ${line}: ${attachments}`,
      )
      assert.equal(unreadable, undefined)
    }
})

test('and its bytes: an archive, a message, another calendar', () => {
  const of = (bytes: Buffer | string, more: string) =>
    read(
      `ATTACH;${BINARY};${more}:${Buffer.from(bytes).toString('base64').replaceAll(/.{70}/g, '$&\r\n ')}`,
    )
  for (const more of ['X-FILENAME=invoice.tgz', 'X-FILENAME=a.txt', 'X-A=b'])
    assert.ok(
      of(PACKED, more).archives.some(one => PACKED.equals(one.bytes)),
      more,
    )
  const [front, rest] = [PACKED.toString('base64').slice(0, 8), PACKED.toString('base64').slice(8)]
  const odd = read(`ATTACH;X-A="a:b";${BINARY};X-FILENAME=a.txt:${front}:${rest}`)
  assert.ok(
    odd.archives.some(one => PACKED.equals(one.bytes)),
    'a colon in quotes, and in base64',
  )
  const letter = 'Content-Type: a/b; name=run.exe\r\n\r\nMZ'
  const inner = calendar(`ATTACH;${BINARY};X-FILENAME=run.exe:TVqQ`)
  for (const [bytes, more] of [
    [letter, 'X-FILENAME=letter.eml'],
    [letter, 'FMTTYPE=message/rfc822'],
    [inner, 'X-FILENAME=a.ics'],
    [inner, 'FMTTYPE=text/calendar'],
  ] as const)
    assert.ok(of(bytes, more).attachments.includes('run.exe'), more)
  // Its bytes are no text.
  assert.ok(!of(PACKED, 'X-FILENAME=a.txt').text.includes(PACKED.toString('base64').slice(0, 20)))
})

test('a file with the type of a program and no name has the name that a program gives it', () => {
  const typed = (type: string, more = '') =>
    read(`ATTACH;FMTTYPE=${type};${BINARY}${more}:TVqQ`).attachments
  assert.deepEqual(typed('application/x-msdownload'), ['attachment.exe'])
  assert.deepEqual(typed('application/x-msdownload', ';FILENAME=a.txt'), ['a.txt'])
  assert.deepEqual(typed('image/png'), [''])
})

test('a calendar in UTF-16 is read, too', () => {
  const wide = Buffer.from(calendar(`ATTACH;${BINARY};X-FILENAME=run.exe:TVqQ`), 'utf16le')
  const wrap = () => wide.toString('latin1')
  assert.ok(read('', 'text/calendar; charset=utf-16le', wrap).attachments.includes('run.exe'))
})

test('links to files, pictures without a name and people are no files', () => {
  const { attachments, unreadable } = read(
    [
      'ATTACH;FILENAME=run.exe;FMTTYPE=a/b:https://files.example/run.exe',
      'ATTACH;X-FILENAME=run.exe:CID:part1@isp.example',
      `PHOTO;ENCODING=b;TYPE=JPEG:${PACKED.toString('base64')}`,
      'PHOTO:data:image/jpeg;base64,/9j/4AAQ',
      'ORGANIZER;CN="run.exe":mailto:anna@isp.example',
      'LOCATION;X-NAME=run.exe:Room',
      'DESCRIPTION:we attach: run.exe',
    ].join('\r\n'),
  )
  assert.deepEqual([attachments, unreadable], [[], undefined])
})

test('of very many files some are read, and it is said', () => {
  const line = `ATTACH;${BINARY};X-FILENAME=a.txt:TVqQ\r\n`
  const { unreadable } = read(line.repeat(2000))
  assert.deepEqual(unreadable, ['too-many-parts'])
})

test('parameters that are too long are read as far as they go, and it is said', () => {
  const filler = `;X-A=${'a'.repeat(9000)}`
  const behind = read(`ATTACH;${BINARY}${filler};X-FILENAME=run.exe:TVqQ`)
  assert.deepEqual(behind.unreadable, ['header'])
  const before = read(`ATTACH;${BINARY};X-FILENAME=run.exe${filler}:TVqQ`)
  assert.ok(before.attachments.includes('run.exe'))
  assert.equal(read(`DESCRIPTION:attach ${filler}: x`).unreadable, undefined)
})

test('a link is read as it is shown: a fold hides none, and makes none of an honest one', () => {
  for (const [lines, host] of [
    ['URL:http:/\r\n /2130706433/', '2130706433'],
    ['DESCRIPTION:htt\r\n p://2130706433/', '2130706433'],
    ['DESCRIPTION:http://\r\n\t2130706433/', '2130706433'],
    ['DESCRIPTION:http://ev\r\n %69l.example/', 'ev%69l.example'],
    ['DESCRIPTION:http://2130\n 706433\\n', '2130706433'],
    ['URL;ENCODING=QUOTED-PRINTABLE:http:/=2F2130=\r\n706433/', '2130706433'],
  ] as const)
    for (const type of ['text/calendar', 'text/vcard; charset=utf-8', 'application/ics']) {
      const { linkHosts } = read(lines, type)
      assert.ok(linkHosts.includes(host), `${lines}: ${linkHosts}`)
    }
  for (const [lines, host] of [
    ['DESCRIPTION:https://1\r\n drv.ms/f/s!A', '1drv.ms'],
    ['DESCRIPTION:https://163\r\n .com/mail', '163.com'],
    ['DESCRIPTION:http://192.0\r\n .2.10/intranet', '192.0.2.10'],
    ['DESCRIPTION:https://meet.example\\nBye', 'meet.example'],
    ['DESCRIPTION:https://meet.example\\, at ten', 'meet.example,'],
  ] as const) {
    const { linkHosts } = read(lines)
    assert.ok(linkHosts.includes(host), `${lines}: ${linkHosts}`)
    assert.deepEqual(linkHosts.filter(hides), [], lines)
  }
})
