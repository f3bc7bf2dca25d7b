// What mail programs do with the end of a name: whatever they cut off, leave out or decode, the extension that they show is seen.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileExtension } from '../file-extension.ts'
import { Summarizer } from '../summary.ts'

function read(message: string) {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(message, 'latin1'))
  return summarizer.finish('a@isp.example')
}

test('what mail programs cut off or leave out of a name hides no extension', () => {
  for (const field of [
    'filename="run.e=?utf-8?b?77u/eGU=?="',
    'filename="=?utf-8?q?run.e?= =?UTF-8?b?77u/eGU=?="',
    'filename="=?utf-8?q?run.e?= =?utf-32?b?//4AAHgAAABlAAAA?="',
    'filename="=?utf-8?q?run.e?= =?utf-16?b?//54AGUA?="',
    'filename="=?utf-8?q?run.e?= =?utf_8_sig?b?77u/eGU=?="',
    "filename*=mac-arabic''run%AEexe",
    'filename="=?mac_farsi?q?run=AEexe?="',
    'filename="=?x-mac-hebrew?q?run=AEexe?="',
    'filename=x"run.ex\\e"',
    'filename=x"run.exe",',
    'filename=x"run.exe" y',
    'name=x"run.exe"(c',
    'filename=(c)"r\\un.ex\\e"(c',
    `filename="run.exe${'.'.repeat(300)}"`,
    `filename="run.exe${'. '.repeat(300)}"`,
    `filename=run.exe${'.'.repeat(300)}`,
    'filename="run.exe/"',
    'filename="run.exe\\\\"',
    'filename="run.exe?"',
    'filename="run.exe:x"',
    'filename="run.exe::$DATA"',
    'filename="run.exe%22"',
    "filename*=utf-8''run.exe%22",
    "filename*=utf-8''run.exe%E2%80%8F",
    "filename*=utf-8''run.exe%C2%AD",
    "filename*=utf-8''run.e%E2%80%8Bxe",
    "filename*=utf-8''run.e%8Exe",
    "filename*=big5''run.e%8Exe",
    "filename*=iso-2022-jp''run.e%8Exe",
    "filename*=us-ascii''run.ex%80e",
    'filename*="ut)f-16\'\'run.exe"',
    'filename="=?iso-2022-jp?q?run.=1B(Iexe?="',
    'filename="=?mac_farsi?b?//5ldmlsrmUOeGU=?="',
    'filename="=?euc_jis_2004?b?ZXZpbC5leGWPJQ==?="',
  ]) {
    const { attachments } = read(`Content-Disposition: attachment; ${field}\r\n\r\nMZ`)
    assert.ok(
      attachments.some(name => fileExtension(name) === 'exe'),
      `${field}: ${attachments}`,
    )
  }
})

test('a name pushed out by what is written behind it is said to be unreadable', () => {
  const field = `filename*=utf-8''run.exe${'%2E'.repeat(1000)}`
  const { unreadable } = read(`Content-Disposition: attachment; ${field}\r\n\r\nMZ`)
  assert.deepEqual(unreadable, ['header'])
})

test('what is written behind a name does not push it out up to there', () => {
  const field = `filename*=utf-8''run.exe${'%2E'.repeat(300)}`
  const { attachments } = read(`Content-Disposition: attachment; ${field}\r\n\r\nMZ`)
  assert.ok(attachments.map(fileExtension).includes('exe'))
})
