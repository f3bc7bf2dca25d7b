// What the sender chose says nothing in the fields that tell what was found.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dns } from '../lookups/node-resolver.ts'
import { believed } from './believed.ts'
import { checked } from './mailauth.ts'
import { resultHeader } from './result-header.ts'

async function headerFor(sender: string) {
  async function* letter() {
    yield Buffer.from('From: a@attack.example\r\n\r\nhello\r\n')
  }
  const resolve = async (name: string) => {
    if (name === 'attack.example') return [['v=spf1 +all']]
    throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
  }
  const found = await checked(letter(), {
    dns: { resolve } as unknown as Dns,
    from: { address: '192.0.2.1', helo: 'h.attack.example', sender },
    ourName: 'isp.example',
    questions: 40,
    budget: 60_000,
  })
  return resultHeader('isp.example', found, believed(found))
}

test('a local part that has to be quoted is not told, whatever stands in it', async () => {
  for (const local of [
    'a; dmarc=pass header.from=bank.example',
    'a) dmarc=pass (',
    'a\\\\" ; dmarc=pass',
    '(((',
  ]) {
    const header = await headerFor(`"${local}"@attack.example`)
    assert.doesNotMatch(header, /bank|dmarc=pass|\(\(|envelope-from/)
    assert.match(
      header,
      /^Authentication-Results: isp\.example;[^]* spf=pass smtp\.mailfrom=attack/,
    )
    assert.match(
      header,
      /^Received-SPF: pass\s+client-ip=192\.0\.2\.1;\s+helo=h\.attack\.example;/m,
    )
  }
})

test('any other is told in Received-SPF, with why', async () => {
  const header = await headerFor('plain@attack.example')
  assert.match(header, /spf=pass smtp\.mailfrom=attack\.example/)
  assert.match(header, /^Received-SPF: pass \(isp\.example: domain of\s+plain@attack\.example/m)
  assert.match(header, /envelope-from="plain@attack\.example"/)
})
