// A real Sendmail shows Cordon its mail: passed without what others claim in our name, refused by sender and by content, deferred,
// and put into quarantine.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { type Sendmail, sendmail } from '../support/sendmail.ts'
import { eventually, type Served, serve } from '../support/serve.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'
import { talk } from '../support/smtp-talk.ts'

let served: Served | undefined
let peer: Sendmail | undefined
let outside: Sink | undefined

before(async () => {
  const [port, milterPort] = [await freePort(), await freePort()]
  outside = await sink('127.0.0.1', port)
  served = await serve(`
hostname: mx.sendmail.example
domains: [sendmail.example]
milter: { port: ${milterPort} }
rules: { attachment: enforce }
access:
  entries:
    - { match: { sender: ["@never.example"] }, action: reject }
    - { match: { sender: ["@later.example"] }, action: defer }
    - { match: { sender: ["@odd.example"] }, action: hold }
`)
  peer = await sendmail({ milterPort, relayPort: port })
})

after(async () => {
  await peer?.stop()
  await served?.stop()
  outside?.stop()
})

async function mail(sender: string, subject: string, more = ''): Promise<string> {
  const session = await talk(peer?.port ?? 0)
  try {
    for (const line of [
      'EHLO mx.meadow.example',
      `MAIL FROM:<${sender}>`,
      'RCPT TO:<inbox@sendmail.example>',
      'DATA',
    ]) {
      const reply = await session.say(`${line}\r\n`)
      if (!/^[23]/.test(reply)) return reply
    }
    const header = `From: <${sender}>\r\nSubject: ${subject}\r\n${more}`
    return await session.say(`${header}\r\nhello\r\n.\r\n`)
  } finally {
    session.end()
  }
}

const arrived = (subject: string) =>
  eventually(() => outside?.taken().find(one => one.includes(`Subject: ${subject}`)))

test('passed, freed of what only we may say', async () => {
  const theirs = 'Authentication-Results: other.example; spf=pass\r\n'
  const claimed = (domain: string) =>
    `Authentication-Results: mx.sendmail.example;\r\n\tdmarc=pass header.from=${domain}\r\n`
  const more = claimed('bank.example') + theirs + claimed('shop.example')
  assert.match(await mail('ann@meadow.example', 'first', more), /^250/)
  const found = await arrived('first')
  assert.doesNotMatch(found, /bank\.example|shop\.example/)
  assert.match(found, /^Authentication-Results: other\.example; spf=pass/m)
})

test('refused by sender and by content, deferred', async () => {
  assert.match(await mail('joe@never.example', 'x'), /^550 5\.7\.1 .*\[access\]/)
  assert.match(await mail('joe@later.example', 'x'), /^450 4\.7\.1 .*\[access\]/)
  const more = 'MIME-Version: 1.0\r\nContent-Type: application/octet-stream; name="x.exe"\r\n'
  assert.match(await mail('ann@meadow.example', 'x', more), /^554 5\.7\.1 \[attachment\]/)
})

test('held in Sendmail’s quarantine', async () => {
  assert.match(await mail('joe@odd.example', 'odd'), /^250/)
  await eventually(() => (peer?.held().length === 1 ? true : undefined))
  assert.match(await mail('ann@meadow.example', 'after it'), /^250/)
  await arrived('after it')
  assert.ok(!outside?.taken().some(one => one.includes('Subject: odd')))
})

test('when Cordon is away Sendmail puts everything off', async () => {
  await served?.stop()
  assert.match(await mail('ann@meadow.example', 'x'), /^451/)
})
