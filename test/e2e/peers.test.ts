// Other people's mail servers at both ends: Postfix, Exim, OpenSMTPD and the library smtp-server take what Cordon relays, and relay to it. What
// some server somewhere takes for the end of a message never makes two messages of one.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { exim } from '../support/exim.ts'
import { freePort } from '../support/free-port.ts'
import { opensmtpd } from '../support/opensmtpd.ts'
import { maildir, type Peer } from '../support/peer.ts'
import { postfix } from '../support/postfix.ts'
import { smtpServerPeer } from '../support/smtp-server-peer.ts'
import { eventually, run, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { SMUGGLERS } from '../support/smugglers.ts'

let peers: Peer[]
let served: Served
let smartHosted: Peer

before(async () => {
  const [relayPort, submissionPort] = [await freePort(), await freePort()]
  peers = [
    await postfix({ relayPort }),
    await exim({ relayPort }),
    await opensmtpd({ relayPort }),
    await smtpServerPeer(),
  ]
  smartHosted = await postfix({
    relayPort: submissionPort,
    more: `smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = static:anna@isp.example:secret-word
smtp_sasl_security_options = noanonymous
smtp_tls_security_level = encrypt`,
  })
  const hash = await hashPassword('secret-word', { memory: 8, passes: 1 })
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example, abuse@isp.example]
listeners:
  - { kind: trusted-network, port: 0 }
  - { kind: inbound, port: ${relayPort} }
  - { kind: submission, port: ${submissionPort} }
scanner: none
budgets: { wrongIsolations: 1e-30, holds: 1e-30 }
rules: { helo-ours: "off" }
routes:
${peers.map(peer => `  ${peer.domain}: { host: 127.0.0.1, port: ${peer.port} }`).join('\n')}
subscribers:
  - { id: "1", plan: business, logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }
leases: [{ prefix: 127.0.0.1, subscriber: "1" }]
`)
})

after(async () => {
  await served.stop()
  for (const peer of [...peers, smartHosted]) await peer.stop()
})

const ours = (name: string) => maildir(join(served.folder, 'data/mailboxes', name))

type SentEnvelope = { readonly to: string; readonly message: string; readonly from?: string }

/** Says the envelope, then the message just as it stands; returns the answer to its end. */
async function send(port: number, { to, message, from = 'anna@isp.example' }: SentEnvelope) {
  const session = await talk(port)
  const greeting = await session.say('EHLO home.example\r\n')
  for (const line of [`MAIL FROM:<${from}>`, `RCPT TO:<${to}>`]) await session.say(`${line}\r\n`)
  // By length, where that is possible: so the other server itself cannot mistake the end.
  const bytes = Buffer.from(`${message}\r\n`, 'latin1')
  const chunks = /CHUNKING/.test(greeting)
  if (!chunks) await session.say('DATA\r\n')
  const reply = await session.say(
    chunks
      ? Buffer.concat([Buffer.from(`BDAT ${bytes.length} LAST\r\n`), bytes])
      : Buffer.concat([bytes, Buffer.from('.\r\n')]),
  )
  session.end()
  return reply
}

const letter = (subject: string, body: string) =>
  `From: <anna@isp.example>\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}`

const hidden = (end: string, n: number) =>
  `first ${n}${end}MAIL FROM:<evil@isp.example>\r\nRCPT TO:<abuse@isp.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nboo`

for (const at of [0, 1, 2, 3]) {
  const named = ['Postfix', 'Exim', 'OpenSMTPD', 'smtp-server'][at]
  const peer = () => peers[at] as Peer
  const inbox = () => `inbox@${peer().domain}`
  const friend = () => `friend@${peer().domain}`

  test(`${named} takes what Cordon relays, once, byte for byte`, async () => {
    const body = `.dot\r\n..two\r\nGr\xc3\xbc\xc3\x9fe\r\n${'x'.repeat(900)}\r\nFrom the first`
    assert.match(
      await send(served.ports[0] ?? 0, { to: inbox(), message: letter('relayed', body) }),
      /^250/,
    )
    const mail = await eventually(() =>
      peer()
        .taken()
        .find(one => one.includes('Subject: relayed')),
    )
    assert.ok(mail.replaceAll('\r\n', '\n').includes(body.replaceAll('\r\n', '\n')), mail)
    assert.equal(peer().taken().length, 1)
  })

  test(`${named} gets one message for each with a hidden end`, async () => {
    const before = peer().taken().length
    for (const [n, end] of SMUGGLERS.entries()) {
      const message = letter(`smuggler ${n}`, hidden(end, n))
      const reply = await send(served.ports[0] ?? 0, { to: inbox(), message })
      assert.match(reply, /^250/, JSON.stringify(end))
    }
    await eventually(() => (peer().taken().length >= before + SMUGGLERS.length ? true : undefined))
    await new Promise(resolve => setTimeout(resolve, 300))
    const mails = peer()
      .taken()
      .filter(mail => /^Subject: smuggler/m.test(mail))
    assert.equal(mails.length, SMUGGLERS.length)
    assert.equal(peer().taken().length, before + SMUGGLERS.length)
    assert.ok(
      mails.every(mail => mail.includes('Subject: smuggled') && mail.includes('MAIL FROM:<evil')),
    )
  })

  // The library relays nothing.
  if (named === 'smtp-server') continue

  test(`${named} relays to Cordon`, async () => {
    const subject = `from ${named}`
    const long = 'y'.repeat(50_000).replace(/(.{70})/g, '$1\r\n')
    const message = `From: <${friend()}>\r\nSubject: ${subject}\r\n\r\nhello\r\n${long}`
    assert.match(
      await send(peer().port, { to: 'sink@isp.example', from: friend(), message }),
      /^250/,
    )
    const mail = await eventually(() =>
      ours('sink@isp.example').find(one => one.includes(`Subject: ${subject}`)),
    )
    assert.ok(mail.includes(long.trim().replaceAll('\r', '')))
    assert.match(mail, /\tby mail\.isp\.example with ESMTPS? id/)
    assert.match(mail, /^Return-Path: <friend@/m)
  })

  test(`what ${named} passes on is never two messages here`, async () => {
    const before = ours('abuse@isp.example').length
    const to = { to: 'sink@isp.example', from: friend() }
    for (const [n, end] of SMUGGLERS.entries()) {
      const message = `From: <${friend()}>\r\nSubject: through ${named} ${n}\r\n\r\n${hidden(end, n)}`
      // It may refuse what it does not like; what it takes must be one.
      await send(peer().port, { ...to, message }).catch(() => undefined)
    }
    const last = `last of ${named}`
    await send(peer().port, { ...to, message: `Subject: ${last}\r\n\r\nx` })
    await eventually(() => ours('sink@isp.example').find(one => one.includes(`Subject: ${last}`)))
    assert.equal(ours('abuse@isp.example').length, before)
    const heads = ours('sink@isp.example').map(one => one.split('\n\n')[0] ?? '')
    assert.equal(heads.filter(head => /^Subject: smuggled/m.test(head)).length, 0)
  })
}

test('Postfix hands its mail to Cordon as a customer: STARTTLS, SASL', async () => {
  const reply = await send(smartHosted.port, {
    to: `inbox@${peers[1]?.domain}`,
    message: letter('with a password', 'hello'),
  })
  assert.match(reply, /^250/)
  const mail = await eventually(() =>
    peers[1]?.taken().find(one => one.includes('Subject: with a password')),
  )
  assert.match(mail, /\tby mail\.isp\.example with ESMTPSA id/)
})

test('swaks submits with STARTTLS and PLAIN ', async () => {
  const words = [
    `--server 127.0.0.1 --port ${served.ports[2]} --tls --auth PLAIN --auth-user anna@isp.example`,
    `--auth-password secret-word --ehlo home.example --from anna@isp.example`,
    `--to inbox@${peers[1]?.domain}`,
  ].flatMap(line => line.split(' '))
  const { code, output } = await run('swaks', [...words, '--header', 'Subject: from swaks'])
  assert.equal(code, 0, output)
  await eventually(() => peers[1]?.taken().find(one => one.includes('Subject: from swaks')))
})
