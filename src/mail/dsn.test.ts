import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildDsn } from './dsn.ts'

async function remote(relay: string): Promise<string | undefined> {
  const made = await buildDsn({
    ourName: 'mail.isp.example',
    to: 'a@isp.example',
    at: 0,
    messageId: '<1@isp.example>',
    subject: 'hello',
    arrivedAt: 0,
    reported: [
      { address: 'b@meadow.example', action: 'failed', status: '5.1.1', answer: '550 no', relay },
    ],
    expires: 1,
  })
  return /^Remote-MTA: (.*)$/m.exec(made.toString('latin1').replaceAll('\r', ''))?.[1]
}

test('the server that answered is a name or an address in brackets, as RFC 3464 has it', async () => {
  assert.equal(await remote('mx.meadow.example:25'), 'dns; mx.meadow.example')
  assert.equal(await remote('192.0.2.7:10025'), 'dns; [192.0.2.7]')
  assert.equal(await remote('[2001:db8::7]:25'), 'dns; [IPv6:2001:db8::7]')
  assert.equal(await remote('2001:db8::7:25'), 'dns; [IPv6:2001:db8::7]')
  for (const none of ['none', 'maildir', '/run/dovecot/lmtp', '127.0.0.1'])
    assert.equal(await remote(none), undefined)
})
