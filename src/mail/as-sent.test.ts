import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageSummary } from '../model/message.ts'
import { linesAsSent } from './as-sent.ts'
import { readWhole } from './read-whole.ts'
import { Summarizer, type SummarizerSetup } from './summary.ts'

const HEAD = 'From: anna@isp.example\r\nMIME-Version: 1.0\r\n'
/** A line in which `behind` begins at octet 999. */
const cutAt = (begin: string, before: string, behind: string) =>
  begin + 'a'.repeat(998 - begin.length - before.length) + before + behind
const long = 'i'.repeat(60)

function summary(text: string, reading: SummarizerSetup = {}): MessageSummary {
  const summarizer = new Summarizer(reading)
  summarizer.write(Buffer.from(text, 'latin1'))
  return summarizer.finish('x@y.example')
}
const isSeen = (text: string, reading?: SummarizerSetup) =>
  summary(text, reading).attachments.includes('evil.exe')

const file = (field: string) => `${HEAD}${field}\r\n\r\nMZ\r\n`
const parts = (type: string, boundary: string) =>
  `${HEAD}${type}\r\n\r\n--${boundary}\r\nContent-Type: a/b; name=evil.exe\r\n\r\nMZ\r\n--${boundary}--\r\n`

const MADE: Readonly<Record<string, string>> = {
  filename: file(cutAt('Content-Disposition: attachment;x=', ';filename=evil.exe', `.txt${long}`)),
  name: file(cutAt('Content-Type: a/b;x=', ';name=evil.exe', `.txt${long}`)),
  'a boundary without quotes': parts(
    cutAt('Content-Type: multipart/mixed;x=', ';boundary=abc', `def${long}`),
    'abc',
  ),
  'a boundary in quotes': parts(
    cutAt('Content-Type: multipart/mixed;x=', ';boundary="abc', `def${long}"`),
    `abc def${long}`,
  ),
  'in the header of a part': `${HEAD}Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n${cutAt('Content-Type: a/b;x=', ';name=evil.exe', `.txt${long}`)}\r\n\r\nMZ\r\n--B--\r\n`,
  'in the header of a message in it': `${HEAD}Content-Type: message/rfc822\r\n\r\n${cutAt('Content-Type: a/b;x=', ';name=evil.exe', `.txt${long}`)}\r\n\r\nMZ\r\n`,
}

for (const [what, text] of Object.entries(MADE))
  for (const folds of ['ours', 'postfix'] as const)
    test(`a name that a fold makes is seen, ${what}, folded as ${folds}`, () => {
      assert.equal(isSeen(text, { folds: 'never' }), false)
      assert.equal(isSeen(text, { folds }), true)
    })

test('Postfix folds where there is white space, too, and only there another name begins', () => {
  const text = file(
    cutAt('Content-Disposition: attachment; x=', ' b;filename=evil.exe', `.txt${long}`),
  )
  assert.equal(isSeen(text, { folds: 'ours' }), false)
  assert.equal(isSeen(text, { folds: 'postfix' }), true)
})

test('an author that a fold makes counts, and From is not clear', () => {
  const text = `${cutAt('From: Q', '<anna@isp.exa', 'mple>')}\r\n\r\nhi\r\n`
  assert.equal(summary(text, { folds: 'never' }).unclearFrom, undefined)
  assert.notEqual(summary(text).unclearFrom, undefined)
})

test('a host that a fold makes counts; the text stands once, and the same body has one fingerprint', () => {
  const line = `${'a'.repeat(971)} http://good.evil.test.a${'b'.repeat(80)}.example/\r\n`
  const cut = line.replace(/ http/, 'ahttp')
  const [kept, sent] = [
    summary(`${HEAD}\r\n${cut}`, { folds: 'never' }),
    summary(`${HEAD}\r\n${cut}`),
  ]
  assert.ok(sent.linkHosts.length > kept.linkHosts.length, sent.linkHosts.join())
  assert.equal(sent.text, kept.text)
  assert.equal(sent.fingerprint, kept.fingerprint)
})

test('an honest message with long lines says the same as before', () => {
  const link = '<a href="https://shop.example/p?id=123">A rug</a> '
  const text = `${HEAD}To: ${'bert@far.example, '.repeat(90)}carl@far.example\r\nContent-Type: text/html\r\n\r\n${link.repeat(100)}\r\n`
  assert.deepEqual(summary(text), summary(text, { folds: 'never' }))
})

test('a name that a fold makes behind the first mebibyte is seen', async () => {
  const field = cutAt('Content-Type: a/b;x=', ';name=evil.exe', `.txt${long}`)
  const text = `${HEAD}Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\n${'hello\r\n'.repeat(200_000)}--B\r\n${field}\r\n\r\nMZ\r\n--B--\r\n`
  const bytes = Buffer.from(text, 'latin1')
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
  }
  const { summary: read } = await readWhole(pieces(), { sender: 'x', size: bytes.length })
  assert.ok(read.attachments.includes('evil.exe'))
})

test('an archive that is the same in both readings is kept once', () => {
  const zip = Buffer.from('504b0304140000000000', 'hex').toString('base64')
  const summarizer = new Summarizer()
  summarizer.write(
    Buffer.from(
      `${HEAD}X: ${'a'.repeat(2000)}\r\nContent-Type: a/b; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip}\r\n`,
    ),
  )
  summarizer.finish('x@y.example')
  assert.equal(summarizer.archives.length, 1)
})

test('a line of 998 octets is sent as it is, with its CR or without', () => {
  const line = 'a'.repeat(998)
  assert.deepEqual(linesAsSent(line, 'ours'), [line])
  assert.deepEqual(linesAsSent(`${line}\r`, 'ours'), [`${line}\r`])
  assert.equal(linesAsSent(`${line}b\r`, 'postfix').length, 2)
})

test('a host that a fold cuts is no host', () => {
  for (const [url, cut] of [
    ['http://1drv.ms/f/s!abc', 'http://1'],
    ['http://2026.conference.example/programme', 'http://2026'],
    ['http://192.0.2.10/intranet', 'http://192.0'],
  ] as const)
    for (const folds of ['ours', 'postfix'] as const) {
      const line = cutAt(
        '<a href="https://track.shop.example/c?t=',
        `&u=${cut}`,
        url.slice(cut.length),
      )
      const text = `${HEAD}Content-Type: text/html\r\n\r\n${line}">x</a>${'<p>more</p>'.repeat(200)}\r\n`
      const host = new URL(url).host
      assert.deepEqual(summary(text, { folds }).linkHosts, ['track.shop.example', host])
    }
})

test('a host that a fold makes is one where the link is whole', () => {
  const line = cutAt('<a href="https://track.shop.example/c?t=', '&u=http://1', 'drv.ms/ http://1/')
  const text = `${HEAD}Content-Type: text/html\r\n\r\n${line}${'x'.repeat(99)}\r\n`
  assert.deepEqual(summary(text).linkHosts, ['track.shop.example', '1drv.ms', '1'])
})
