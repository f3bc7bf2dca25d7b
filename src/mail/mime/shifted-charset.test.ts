import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Summarizer } from '../summary.ts'

function read(message: string) {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(message, 'latin1'))
  return summarizer.finish('a@isp.example')
}

test('old Korean and Chinese mail is read, as its readers read it and as programs do that know neither', () => {
  // Bytes by Python's codecs.
  for (const [charset, hex, words] of [
    ['iso-2022-kr', '1b2429430e4751315b0f206576696c2e657865', '한글 evil.exe'],
    ['csISO2022KR', '1b2429430e4751315b0f206576696c2e657865', '한글 evil.exe'],
    ['hz-gb-2312', '7e7b56504e447e7d206576696c2e657865207e7e2078', '中文 evil.exe ~ x'],
    ['iso-2022-cn', '1b2429410e56504e440f206576696c2e657865', '中文 evil.exe'],
    ['ISO-2022-CN-EXT', '1b2429410e56504e440f206576696c2e657865', '中文 evil.exe'],
  ] as const) {
    const bytes = Buffer.from(hex, 'hex')
    const body = `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}`
    const found = read(body)
    assert.ok(found.text.includes(words), `${charset}: ${found.text}`)
    assert.equal(found.unreadable, undefined, charset)
    const named = `Content-Disposition: attachment; filename="=?${charset}?B?${bytes.toString('base64')}?="\r\n\r\nx`
    assert.equal(read(named).unreadable, undefined, charset)
  }
  const hidden = 'Content-Type: text/plain; charset=hz-gb-2312\r\n\r\n~{http://a.example/\r\n'
  assert.deepEqual(read(hidden).linkHosts, ['a.example'])
})
