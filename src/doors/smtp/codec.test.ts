import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SMUGGLERS } from '../../../test/support/smugglers.ts'
import { SmtpDecoder, type Token } from './codec.ts'

/** Decodes message data given in pieces; the text up to the end, and what came after it. */
function decode(pieces: readonly string[]): { text: string; ended: boolean; repaired: boolean } {
  const decoder = new SmtpDecoder()
  decoder.startData()
  let text = ''
  let end: Token | undefined
  for (const piece of pieces) {
    decoder.push(Buffer.from(piece, 'latin1'))
    for (
      let token = end ? undefined : decoder.next();
      token;
      token = end ? undefined : decoder.next()
    ) {
      if (token.kind === 'data') text += Buffer.from(token.bytes).toString('latin1')
      else end = token
    }
  }
  return { text, ended: end !== undefined, repaired: end?.kind === 'data-end' && end.repaired }
}

test('dots are taken off and the end is found, however the bytes are cut', () => {
  const message = 'Subject: x\r\n\r\n..one\r\n.\tno\r\n...\r\nend\r\n.\r\n'
  const whole = decode([message])
  assert.deepEqual(whole, {
    text: 'Subject: x\r\n\r\n.one\r\n\tno\r\n..\r\nend\r\n',
    ended: true,
    repaired: false,
  })
  for (let cut = 1; cut < message.length; cut++) {
    assert.deepEqual(decode([message.slice(0, cut), message.slice(cut)]), whole, `cut at ${cut}`)
  }
  assert.deepEqual(decode([...message]), whole)
})

test('nothing but CR LF . CR LF ends a message (SMTP smuggling)', () => {
  for (const fake of SMUGGLERS) {
    const sent = `a${fake}MAIL FROM:<smuggled@example.org>\r\n.\r\n`
    const { text, ended, repaired } = decode([sent])
    assert.equal(ended, true, JSON.stringify(fake))
    assert.ok(
      text.includes('MAIL FROM:<smuggled@example.org>'),
      `${JSON.stringify(fake)} ended the message`,
    )
    if (!fake.includes('\0')) assert.equal(repaired, true, JSON.stringify(fake))
    assert.ok(!/(?<!\r)\n|\r(?!\n)/.test(text), `${JSON.stringify(fake)} left a bare newline`)
    assert.deepEqual(decode([...sent]), decode([sent]))
  }
})

test('command lines end in CR LF only', () => {
  const decoder = new SmtpDecoder()
  decoder.push(Buffer.from(`NOOP\r\nNOOP\nNO\rOP\r\n${'x'.repeat(20_000)}`))
  const kinds = []
  for (let token = decoder.next(); token; token = decoder.next())
    kinds.push(token.kind === 'bad-line' ? token.why : token.kind)
  assert.deepEqual(kinds, ['line', 'bare-newline', 'bare-newline'])
  assert.equal(decoder.waiting, 0, 'a line too long is not kept')
  decoder.push(Buffer.from('xx\r\nQUIT\r\n'))
  assert.deepEqual(decoder.next(), { kind: 'bad-line', why: 'too-long' })
  assert.deepEqual(decoder.next(), { kind: 'line', text: 'QUIT' })
})

test('a TLS handshake where commands are expected is one line, whatever bytes it has', () => {
  for (const hello of ['\x16\x03\x01\x02\x00\x01', '\x16\x03\x01\x00\x0a\n\r\nQUIT\r\n']) {
    const decoder = new SmtpDecoder()
    decoder.push(Buffer.from(hello, 'latin1'))
    assert.deepEqual(decoder.next(), { kind: 'line', text: '\x16\x03' })
    assert.equal(decoder.next(), undefined)
  }
})
