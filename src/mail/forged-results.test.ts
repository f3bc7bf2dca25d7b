import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asItCame, ForgedResults } from './forged-results.ts'

function filtered(
  message: string,
  piece: number,
  submitted = false,
): { passed: string; filter: ForgedResults } {
  const filter = new ForgedResults(submitted ? undefined : 'mail.isp.example')
  const bytes = Buffer.from(message, 'latin1')
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += piece)
    parts.push(filter.push(bytes.subarray(at, at + piece)))
  parts.push(filter.end())
  return { passed: Buffer.concat(parts).toString('latin1'), filter }
}

const FORGED = [
  'Authentication-Results: mail.isp.example; dmarc=pass\r\n',
  'authentication-results : MAIL.isp.example 1;\r\n\tdmarc=pass\r\n',
  'Authentication-Results: (a (nested; one) \\) here) "mail.isp.example"; spf=pass\r\n',
  'Authentication-Results:\r\n mail.isp.example;\r\n dkim=pass\r\n',
  'Authentication-Results\r\n : mail.isp.example; spf=pass\r\n',
  'Authentication-Results: (never closed mail.isp.example; spf=pass\r\n',
  `Authentication-Results: ${'x'.repeat(200_000)}; mail.isp.example\r\n`,
  'Authentication-Results: mail . isp . example; dmarc=pass\r\n',
  'Authentication-Results: mail\r\n .(a)isp.\r\n\texample (c); dmarc=pass\r\n',
  'Authentication-Results: "mail.isp."example; dmarc=pass\r\n',
  'Authentication-Results: "(" mail.isp.example ")"; dmarc=pass\r\n',
  'Authentication-Results: "a;b" mail.isp.example; dmarc=pass\r\n',
  'Authentication-Results: mail\0.isp.example; dmarc=pass\r\n',
  'Received-SPF: pass (mail.isp.example: fine) client-ip=192.0.2.1\r\n',
  'received-spf : Pass client-ip=192.0.2.1; receiver=mail.isp.\r\n example\r\n',
  'Received-SPF: pass\r\n',
  'Return-Path: <anna@isp.example>\r\n',
  `RETURN-PATH: <${'x'.repeat(100_000)}>\r\n`,
]
const INNOCENT = [
  'Received: from a by b\r\n',
  'Authentication-Results: other.example; spf=pass (mail.isp.example)\r\n',
  'X-Authentication-Results: mail.isp.example; spf=pass\r\n',
  'Authentication-Results-Of: mail.isp.example\r\n',
  `Subject: ${'y'.repeat(200_000)}\r\n`,
  'Received-SPF: pass (google.com: domain of a@b designates) client-ip=192.0.2.1;\r\n',
  'Received-SPF: pass receiver=mx.meadow.example; client-ip=192.0.2.1\r\n',
  'Return-Path-Of: <a@b>\r\n',
]
const BODY = '\r\nAuthentication-Results: mail.isp.example; this is text\r\nend\r\n'

for (const piece of [1, 7, 100, 1_000_000]) {
  test(`what only we may say is taken out, ${piece} bytes at a time`, async () => {
    const header =
      INNOCENT.flatMap((line, i) => [line, FORGED[i] ?? '']).join('') +
      FORGED.slice(INNOCENT.length).join('')
    const { passed, filter } = filtered(header + BODY, piece)
    assert.equal(passed, INNOCENT.join('') + BODY)
    // The other server's field counts, and is the third of that name.
    const which = (name: string) =>
      filter.occurrences.flatMap(one => (one.name === name ? one.which : []))
    assert.deepEqual(which('authentication-results'), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    assert.deepEqual(which('received-spf'), [3, 4, 5])
    assert.deepEqual(which('return-path'), [1, 2])
  })

  test(`and can be put back where it stood, ${piece} bytes at a time`, async () => {
    const message = `${INNOCENT[0]}${FORGED[0]}${FORGED[1]}${INNOCENT[1]}${FORGED[2]}${BODY}`
    const { passed, filter } = filtered(message, piece)
    const bytes = Buffer.from(passed, 'latin1')
    const chunks = async function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    }
    const back: Uint8Array[] = []
    for await (const part of asItCame(chunks(), filter.removed)) back.push(part)
    assert.equal(Buffer.concat(back).toString('latin1'), message)
  })
}

test('a message without a body, or of nothing, ends where it ends', () => {
  for (const message of ['', 'Subject: x', 'Subject: x\r\n', '\r\n', '\n'])
    assert.equal(filtered(message, 1).passed, message)
  assert.equal(filtered(FORGED[0] as string, 3).passed, '')
  assert.equal(filtered('Authentication-Results: mail.isp.example;', 3).passed, '')
})

test('thousands of them come back in a few pieces', async () => {
  const message = `${`${FORGED[0]}`.repeat(10_000)}${BODY}`
  const { passed, filter } = filtered(message, 1000)
  const chunks = async function* () {
    yield Buffer.from(passed, 'latin1')
  }
  const back: Uint8Array[] = []
  for await (const part of asItCame(chunks(), filter.removed)) back.push(part)
  assert.equal(Buffer.concat(back).toString('latin1'), message)
  assert.ok(back.length < 2 + message.length / 65_536, String(back.length))
})

test('a submission has no Return-Path, and otherwise what its sender likes', () => {
  const header = 'return-path : <a@b.example>\r\nSubject: x\r\nReturn-Path:\r\n <c@d.example>\r\n'
  const kept = `Return-Paths: x\r\n${FORGED[0]}`
  const { passed, filter } = filtered(`${header}${kept}${BODY}`, 7, true)
  assert.equal(passed, `Subject: x\r\n${kept}${BODY}`)
  assert.equal(filter.occurrences.length, 2)
})

for (const piece of [1, 7, 1_000_000])
  test(`no recipient may read a blind copy: Bcc of a submission is taken out, of a stranger’s mail not, by ${piece}`, () => {
    const front = 'From: a@isp.example\r\n'
    const blind = `BCC : carla@meadow.example,\r\n dora@meadow.example\r\nResent-Bcc: e@x\r\n`
    const long = `Bcc: ${'x@meadow.example, '.repeat(8000)}\r\n`
    const rest = 'Bcc-Of: x\r\n\r\nBcc: this is text\r\n'
    assert.equal(filtered(front + blind + long + rest, piece, true).passed, front + rest)
    assert.equal(filtered(front + blind + rest, piece).passed, front + blind + rest)
  })
