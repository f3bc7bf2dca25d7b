import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Transaction } from '../model/step.ts'
import { cameFrom, traceHeaders } from './trace.ts'

const tx = (address: string): Transaction => ({
  session: 's',
  listener: 'inbound',
  at: 0,
  client: { realm: 'main', address, port: 25 },
  tls: true,
  helo: 'mx.meadow.example',
  sender: 'ann@meadow.example',
  recipients: ['bert@isp.example'],
  extended: true,
  esmtp: {},
})

test('where a message came from can be read back, whatever stands above it', () => {
  const results =
    'Authentication-Results: mail.isp.example;\r\n spf=pass (from evil ([192.0.2.9]))\r\n'
  for (const address of ['198.51.100.7', '2001:db8::7']) {
    const summary = { hasDate: true } as never
    const headers = traceHeaders(tx(address), summary, 'M1', {
      ourName: 'mail.isp.example',
      results,
    })
    assert.ok(headers.startsWith('Authentication-Results:'))
    assert.deepEqual(cameFrom(headers), { helo: 'mx.meadow.example', address })
  }
  assert.equal(cameFrom('Subject: x\r\n'), undefined)
})

test('whatever comes unsigned has a Message-ID afterwards, so that an answer says what it answers', () => {
  const given = (messageId?: string, more: object = {}) =>
    traceHeaders(tx('198.51.100.7'), { hasDate: false, messageId, ...more } as never, 'M1', {
      ourName: 'mail.isp.example',
      results: '',
    })
  for (const missing of [undefined, ''])
    assert.match(given(missing), /^Message-ID: <M1@mail\.isp\.example>\r$/m)
  assert.doesNotMatch(given('<1@far.example>'), /Message-ID/)
  // Its signature may say that there was none (RFC 6376 §5.4).
  assert.doesNotMatch(given(undefined, { signed: true }), /Message-ID/)
  // The sender says when; a mailbox store has its own time.
  assert.doesNotMatch(given(), /^Date/m)
})
