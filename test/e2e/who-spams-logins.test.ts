// A stolen login that sends from ever new networks through a real Exim is named within its first six mails. Postfix: who-spams.test.ts; others
// by lines as they write them: src/app/who-spams/stolen-login.test.ts.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { readLogs } from '../../src/app/who-spams/read-logs.ts'
import { rowsOf } from '../../src/app/who-spams/verdict.ts'
import { exim } from '../support/exim.ts'
import { freePort } from '../support/free-port.ts'
import { eventually } from '../support/serve.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'
import { talk } from '../support/smtp-talk.ts'

const LOGIN = { name: 'anna@isp.example', password: 'secret' }
const MAILS = 6
let next: Sink
let relayPort: number

before(async () => {
  relayPort = await freePort()
  next = await sink('127.0.0.1', relayPort)
})
after(() => next.stop())

/** Each from a network of its own: the loopback has as many as are wanted. */
async function steals(port: number): Promise<void> {
  const before = next.taken().length
  const { name, password } = LOGIN
  const auth = Buffer.from(`\0${name}\0${password}`).toString('base64')
  for (let i = 0; i < MAILS; i++) {
    const client = await talk(port, `127.${20 + i}.1.1`)
    const say = async (line: string, code: RegExp) =>
      assert.match(await client.say(`${line}\r\n`), code, line)
    await say('EHLO x.example', /^250/)
    await say(`AUTH PLAIN ${auth}`, /^235/)
    await say(`MAIL FROM:<${name}>`, /^250/)
    await say(`RCPT TO:<victim${i}@d${i}.example>`, /^250/)
    await say('DATA', /^354/)
    await say(`From: <${name}>\r\nSubject: x\r\n\r\nHello.\r\n.`, /^250/)
    client.end()
  }
  await eventually(() => (next.taken().length >= before + MAILS ? true : undefined), 60)
}

async function named(log: string, ended: RegExp) {
  await eventually(() =>
    (readFileSync(log, 'utf8').match(ended)?.length ?? 0) >= MAILS ? true : undefined,
  )
  const { senders } = await readLogs([log], { now: Date.now(), since: 0 })
  const rows = rowsOf(senders)
  assert.deepEqual(
    rows.map(({ who, networks, verdict, namedAfter }) => [who, networks, verdict, namedAfter]),
    [[LOGIN.name, MAILS, 'worth a look', MAILS]],
    readFileSync(log, 'utf8'),
  )
}

test('Exim: a stolen login is named from its log', async t => {
  const peer = await exim({
    relayPort,
    acl: 'begin authenticators\nfixed_plain:\n  driver = plaintext\n  public_name = PLAIN\n  server_condition = ${if eq{$auth3}{secret}}\n  server_set_id = $auth2',
  })
  t.after(peer.stop)
  await steals(peer.port)
  await named(peer.log ?? '', /Completed/g)
})
