// What one program alone finds in a part, we find, too: Dovecot, mutt, munpack, postal-mime.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWhole } from '../read-whole.ts'
import { Summarizer } from '../summary.ts'

function read(message: string) {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(message.replaceAll('\n', '\r\n'), 'latin1'))
  return summarizer.finish('a@isp.example')
}

const FILE = 'Content-Type: a/b\nContent-Disposition: attachment; filename=run.exe\n\nMZ\n'
const multipart = (type: string, boundary: string, line = `--${boundary}`) =>
  `Content-Type: ${type}\n\n--${boundary}\n\nhello\n${line}\n${FILE}--${boundary}--\n`

test('a type without a subtype holds parts, for some', () => {
  for (const type of ['multipart', 'Multipart ', 'multipart/', 'multipart /', '"multipart"'])
    assert.ok(read(multipart(`${type}; boundary=b`, 'b')).attachments.includes('run.exe'), type)
  for (const type of ['message', 'Message;', 'message/', ' message /', '"message"'])
    assert.ok(read(`Content-Type: ${type}\n\n${FILE}`).attachments.includes('run.exe'), type)
})

test('a boundary is cut at 80 letters, and a line that begins like it is one, for some', () => {
  for (const length of [71, 80, 81, 82, 90, 300, 2000])
    for (const behind of ['', 'zz', 'a'.repeat(length - 70)])
      for (const comment of ['', ' (c)']) {
        const boundary = 'a'.repeat(length)
        const type = `multipart/mixed; boundary="${boundary}"${comment}`
        const { attachments } = read(multipart(type, boundary, `--${'a'.repeat(80)}${behind}`))
        assert.ok(attachments.includes('run.exe'), `${length} ${behind}`)
      }
})

test('every line that begins with two dashes is one of the empty boundary, for some', () => {
  for (const type of ['boundary=""', 'boundary=', 'boundary="" (c)', 'boundary= (c)'])
    assert.ok(
      read(multipart(`multipart/mixed; ${type}`, '', '--x')).attachments.includes('run.exe'),
      type,
    )
})

test('a boundary that is cut is found behind the first mebibyte, too', async () => {
  for (const length of [81, 400]) {
    const boundary = 'a'.repeat(length)
    const text = 'hello world\n'.repeat(100_000)
    const type = `multipart/mixed; boundary="${boundary}"`
    const message = `Content-Type: ${type}\n\n--${boundary}\n\n${text}--${'a'.repeat(80)}\n${FILE}--${boundary}--\n`
    const raw = Buffer.from(message.replaceAll('\n', '\r\n'))
    const { summary } = await readWhole(
      (async function* () {
        yield raw
      })(),
      { sender: 'b@out.example', size: raw.length },
    )
    assert.ok(summary.attachments.includes('run.exe'), String(length))
  }
})

test('an escape, or a letter, that is cut between two encoded words is one for some', () => {
  for (const name of [
    '=?utf-8?Q?run.e=7?= =?utf-8?Q?8e?=',
    '=?utf-8?Q?run.ex=?= =?utf-8?Q?65?=',
    '=?utf-8?q?run=2?==?UTF-8?Q?Eexe?=',
    '=?utf-8?Q?run.e=7?=\n =?utf-8?Q?8e?=',
    '=?utf-8?Q?run.=65x=?= =?utf-8?Q?65?= =?utf-8?Q??=',
    '=?utf-8?Q?run.ex=?= =?utf-8?Q?6?= =?utf-8?Q?5?=',
    '=?utf-8?B?cnVuLm?= =?utf-8?B?V4ZQ==?=',
    '=?utf-8?B?c?= =?utf-8?B?n?= =?utf-8?b?V?= =?utf-8?B?uLmV4ZQ==?=',
    '=?utf-16be?Q?=00r=00u=00n=00.=00e=00x=0?= =?utf-16be?Q?0e?=',
    '=?utf-8*en?Q?run.e=7?= =?utf-8*en?Q?8e?=',
  ])
    for (const field of [`filename="${name}"`, `filename=${name}`, `x=y; name="${name}" (c)`])
      assert.ok(
        read(`Content-Disposition: attachment; ${field}\n\nMZ\n`).attachments.includes('run.exe'),
        field,
      )
})
