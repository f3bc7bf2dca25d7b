// Parts that say less than they are: no boundary, no character set, no name, another type than their name.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LaterParts } from './later-parts.ts'
import { Summarizer } from '../summary.ts'

function readBytes(message: Buffer) {
  const summarizer = new Summarizer()
  summarizer.write(message)
  return summarizer.finish('a@isp.example')
}
const read = (message: string) => readBytes(Buffer.from(message.replaceAll('\n', '\r\n'), 'latin1'))

const LINK = '<a href="http://2130706433/">x</a>\n'
const FILE = 'Content-Type: a/b\nContent-Disposition: attachment; filename=run.exe\n\nMZ\n'
const beside = (part: string) =>
  `Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n${part}\n--b--\n`

test('a multipart without a boundary has parts for munpack and ripmime, and is text for others', () => {
  for (const type of ['multipart/mixed', 'multipart/mixed; x=y', 'multipart']) {
    const found = read(`Content-Type: ${type}\n\nhi\n--foo\n\nhello\n--foo\n${FILE}--foo--\n`)
    assert.ok(found.attachments.includes('run.exe'), type)
    assert.match(found.text, /hi/)
    assert.equal(found.unreadable, undefined)
  }
  const later = new LaterParts(new Set(['b']))
  const inside = 'x\n--b\nContent-Type: multipart/x\n\n--foo\nContent-Type: a/b; name=a.exe\n\n'
  later.push(Buffer.from(inside.replaceAll('\n', '\r\n')))
  later.end()
  assert.deepEqual([...later.names], ['a.exe'])
  const honest = read('Content-Type: multipart/mixed\n\nhello\n-- \nAnna\n---- cut\n')
  assert.deepEqual([honest.attachments, honest.unreadable], [[], undefined])
})

test('HTML and SVG are text with links, by their type or by their name', () => {
  for (const head of [
    'application/xhtml+xml',
    'image/svg+xml; name=a.svg',
    'text/xml',
    'application/octet-stream; name=a.html',
    'application/octet-stream; name="A.XHTML"',
    'application/octet-stream\nContent-Disposition: attachment; filename=a.htm',
    'image/png; name=a.svg',
  ]) {
    const found = read(beside(`Content-Type: ${head}\n\n${LINK}`))
    assert.ok(found.linkHosts.includes('2130706433'), head)
    assert.equal(found.unreadable, undefined, head)
  }
  const png = beside(`Content-Type: image/png; name=a.png\n\n${LINK}`)
  assert.deepEqual(read(png).linkHosts, [])
})

test('a program without a name has the one that its type gives it', () => {
  for (const [type, name] of [
    ['application/x-msdownload', 'attachment.exe'],
    ['Application/X-DOSexec; x=y', 'attachment.exe'],
    ['application/vnd.microsoft.portable-executable', 'attachment.exe'],
    ['application/x-msdos-program', 'attachment.exe'],
    ['application/hta', 'attachment.hta'],
    ['application/java-archive', 'attachment.jar'],
    ['application/x-msi', 'attachment.msi'],
    ['(a) application / hta', 'attachment.hta'],
  ])
    for (const more of ['', '\nContent-Disposition: attachment', '\nContent-Disposition: inline']) {
      const found = read(beside(`Content-Type: ${type}${more}\n\nMZ\n`))
      assert.deepEqual(found.attachments, [name], `${type}${more}`)
    }
  for (const part of [
    'Content-Type: application/pdf\n\nx',
    'Content-Type: application/x-sh; name=a.txt\n\nx',
    'Content-Type: text/plain\nContent-Disposition: attachment\n\nx',
  ])
    assert.ok(!read(beside(part)).attachments.some(one => one.startsWith('attachment.')), part)
  const later = new LaterParts(new Set(['b']))
  later.push(Buffer.from('x\r\n--b\r\nContent-Type: application/hta\r\n\r\nx\r\n--b--\r\n'))
  later.end()
  assert.deepEqual([...later.names], ['attachment.hta'])
})

test('a character set that HTML says itself is one in which it is read, too', () => {
  const utf7 = '+ADw-a href=+ACI-http:+AC8ALw-2130706433/+ACI->x'
  const japanese = '<a href="ht\x1b(Btp://213\x1b(J0706433/">x</a>'
  const wide = `<a href="http://2130706433/">`.replaceAll(/./g, '$&\0')
  for (const [head, text] of [
    ['text/html', `<meta charset=iso-2022-jp>${japanese}`],
    ['text/html', `<META content="text/html; CharSet = 'ISO-2022-JP'">${japanese}`],
    ['text/html; charset=us-ascii', `<meta charset="iso-2022-jp">${japanese}`],
    ['text/html', `<meta charset=UTF-7>${utf7}`],
    ['application/xhtml+xml', `<?xml version="1.0" encoding="utf-7"?>${utf7}`],
    ['application/octet-stream; name=a.html', `<meta charset="utf-7">${utf7}`],
    ['text/html', `<meta charset="utf-16le">   ${wide}`],
  ]) {
    const found = read(beside(`Content-Type: ${head}\n\n${text}`))
    assert.ok(found.linkHosts.includes('2130706433'), `${head}: ${text}`)
    assert.equal(found.unreadable, undefined, head)
  }
})

test('honest HTML that says another character set inside is read once', () => {
  for (const [said, inside] of [
    ['utf-8', 'iso-8859-1'],
    ['utf-8', 'iso-2022-jp'],
    ['utf-8', 'utf-16'],
    ['utf-8', 'unicode'],
    ['iso-8859-1', 'x-unknown'],
    ['us-ascii', 'utf-8'],
  ]) {
    const text = `<meta charset="${inside}"><p>Call +49 30 1234 ~ now</p>`
    const found = read(`Content-Type: text/html; charset=${said}\n\n${text}\n`)
    assert.equal(found.text.split('Call').length, 2, `${said} ${inside}`)
    assert.equal(found.unreadable, undefined, `${said} ${inside}`)
  }
  const japanese = '<meta charset="iso-2022-jp"><p>Call \x1b$B$"\x1b(B</p>\n'
  const found = read(`Content-Type: text/html; charset="ISO-2022-JP"\n\n${japanese}`)
  assert.deepEqual([found.text.split('Call').length, found.unreadable], [2, undefined])
})

test('in a message without a type a file begins as it does for Thunderbird, whatever its lines are', () => {
  const data = 'M35J0abcdefghi and more than a line of uuencode has\n'
  for (const [begin, name] of [
    ['begin 644 evil.exe', 'evil.exe'],
    ['begin 0644   my evil.exe', 'my evil.exe'],
    ['=ybegin line=128 size=10 name=evil.exe', 'evil.exe'],
  ]) {
    for (const head of ['Subject: x', 'Content-Type: text', 'Content-Type:  TEXT '])
      assert.deepEqual(read(`${head}\n\nhi\n${begin}\n${data}`).attachments, [name], begin)
    const typed = read(`Content-Type: text/plain\n\nhi\n${begin}\n${data}`)
    assert.deepEqual(typed.attachments, [], begin)
  }
  const binHex = "(This file must be converted with BinHex 4.0)\n\n:#'9fD@`ZCAKP!!!!!!!!!!!!!!:\n"
  const [named] = read(`Subject: x\n\nhi\n${binHex}`).attachments
  assert.equal(named, 'evil.exe')
  assert.deepEqual(read('Subject: x\n\nWe begin 644 times.exe\nbegin 12 x.exe\n').attachments, [])
})
