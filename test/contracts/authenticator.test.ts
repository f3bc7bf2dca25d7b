// What every authenticator must do: it never rejects, and what it could not check to the end is not said to be well. What it finds, with
// real signatures and a real DNS: src/drivers/authentication/message-authenticator.test.ts, test/e2e/authentication.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageAuthenticator } from '../../src/drivers/authentication/message-authenticator.ts'
import { freePort } from '../support/free-port.ts'
import { nodeResolver } from '../../src/drivers/lookups/node-resolver.ts'

const FROM = {
  address: '203.0.113.7',
  helo: 'far.example',
  sender: 'x@far.example',
  authors: ['x@far.example'],
}
const SIGNED =
  'DKIM-Signature: v=1; a=rsa-sha256; d=far.example; s=s; h=from; bh=YQ==; b=YQ==\r\nFrom: x@far.example\r\n\r\nhello\r\n'

async function* ofBytes(text: string, error?: Error): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
  if (error) throw error
}

/** Where no DNS answers. */
async function alone() {
  const dns = nodeResolver([`127.0.0.1:${await freePort()}`])
  return messageAuthenticator({ ourName: 'mail.isp.example', dns })
}

for (const [what, body] of [
  ['a message that is signed', () => ofBytes(SIGNED)],
  ['nothing', () => ofBytes('')],
  ['no header', () => ofBytes('\r\nhello\r\n')],
  ['bytes that are no message', () => ofBytes('\0\xff\r\n'.repeat(1000))],
  ['a message that cannot be read to its end', () => ofBytes(SIGNED, new Error('the disk'))],
  ['one that cannot be read at all', () => ofBytes('', new Error('the disk'))],
] as const)
  test(`without DNS, ${what}: it is answered, and nothing passes`, async () => {
    const { check } = await alone()
    const found = await check(FROM, body())
    const results = [found.spf, found.dmarc, found.arc, ...found.dkim].map(({ result }) => result)
    assert.ok(!results.includes('pass'), results.join())
    assert.match(found.header, /^Authentication-Results: mail\.isp\.example;[^]*\r\n$/)
    assert.equal(found.unchecked !== undefined, what.includes('cannot be read'), found.unchecked)
    if (found.unchecked === undefined) return
    assert.deepEqual(results, ['temperror', 'temperror', 'none'])
    assert.equal(found.dmarc.policy, 'unknown')
  })
