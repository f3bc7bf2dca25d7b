// A real Postfix shows Cordon its mail (smtpd_milters): it is passed with the result in its header, refused, deferred and held,
// by who sends it and by what is in it. Its list of macros has no login, as an administrator may have shortened it.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type DomainKey, domainKey, inZone } from '../support/domain-key.ts'
import { freePort } from '../support/free-port.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { type Releaser, releaserOf } from '../support/releaser.ts'
import { isHeldAndReleased } from '../support/held-by-postfix.ts'
import { eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { type Stranger, strangerSends } from '../support/stranger.ts'
import { localDns, type LocalDns } from '../support/unbound.ts'

let folder: string
let dns: LocalDns
let served: Served
let peer: Postfix
let helper: Releaser
let strict: DomainKey

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-milter-'))
  strict = domainKey('strict.example', folder)
  dns = await localDns([
    '7.100.51.198.in-addr.arpa. PTR mx.meadow.example.',
    'mx.meadow.example. A 198.51.100.7',
    inZone('mail._domainkey.strict.example', strict.record),
    '_dmarc.strict.example. TXT "v=DMARC1; p=reject"',
  ])
  const port = await freePort()
  peer = await postfix({
    relayPort: 9,
    more: `enable_long_queue_ids = yes
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_milters = inet:127.0.0.1:${port}
milter_mail_macros = i {mail_addr} {mail_host}
milter_default_action = tempfail`,
  })
  helper = await releaserOf(peer)
  served = await serve(`
hostname: mx.postfix.example
domains: [postfix.example]
resolvers: ["${dns.server}"]
milter: { port: ${port} }
releaser: { socket: ${helper.socket} }
rules: { reverse-dns: enforce, greylist: enforce, dmarc: enforce, attachment: enforce }
strangers: { greylist: { delay: 1s } }
access: { entries: [{ match: { sender: ["@strict.example"] }, action: accept, skipRules: [greylist] }] }
limits: { consumer: { messagesPerHour: 2 } }
subscribers: [{ id: "1", logins: [{ name: anna@postfix.example }] }]
`)
})

after(async () => {
  await helper.close()
  await peer.stop()
  await served.stop()
  dns.stop()
  rmSync(folder, { recursive: true })
})

type StrangersMail = Stranger & {
  readonly subject: string
  readonly more?: string
  readonly text?: string
}

/** Hands Postfix a message as if from outside. */
const mail = ({ subject, more = '', text = 'hello', ...given }: StrangersMail): Promise<string> =>
  strangerSends(peer.port, `From: ann@meadow.example\nSubject: ${subject}\n${more}\n${text}`, {
    to: [`inbox@${peer.domain}`],
    ...given,
  })

const arrived = (subject: string) =>
  eventually(() => peer.taken().find(one => one.includes(`Subject: ${subject}`)))

test('deferred, then taken, and delivered as it came, with what was found in front', async () => {
  assert.match(await mail({ subject: 'first' }), /^450 4\.7\.1 \[greylist\]/)
  await new Promise(resolve => setTimeout(resolve, 1100))
  const text = 'a line\n.with a dot\n\nthe end'
  const more = 'X-Folded: one\n\ttwo\nX-Percent: 100%\n'
  assert.match(await mail({ subject: 'second', more, text }), /^250/)
  const found = await arrived('second')
  assert.match(found, /X-Folded: one\r?\n\ttwo\r?\nX-Percent: 100%/)
  assert.match(found, /a line\r?\n\.with a dot\r?\n\r?\nthe end/)
  assert.match(found, /^Authentication-Results: mx\.postfix\.example;[\s\S]*^Received-SPF: none/m)
  assert.doesNotMatch(found, /X-Cordon-Ref/)
})

test('refused by the name of the server, by what is attached, and by DMARC', async () => {
  assert.match(await mail({ address: '203.0.113.9', subject: 'x' }), /^550 5\.7\.25 \[ptr\]/)
  const more = `MIME-Version: 1.0\nContent-Type: application/octet-stream; name=x.exe\n`
  assert.match(await mail({ subject: 'x', more }), /^554 5\.7\.1 \[attachment\]/)
  const from = 'From: ann@strict.example\nSubject: signed\nTo: x@postfix.example\n\nhello\n'
  const as = { sender: 'ann@strict.example', to: [`inbox@${peer.domain}`] }
  assert.match(await strangerSends(peer.port, from, as), /^550 5\.7\.26 \[dmarc\]/)
  assert.match(await strangerSends(peer.port, await strict.sign(from), as), /^250/)
  assert.match(await arrived('signed'), /dkim=pass[\s\S]*dmarc=pass/)
})

test('what a sender says in our name is taken out', async () => {
  const theirs = 'Authentication-Results: other.example; spf=pass\n'
  const claimed = (domain: string) =>
    `Authentication-Results: mx.postfix.example; dmarc=pass header.from=${domain}\n`
  const more = claimed('bank.example') + theirs + claimed('shop.example')
  assert.match(await mail({ subject: 'claimed', more }), /^250/)
  const found = await arrived('claimed')
  assert.ok(!/bank\.example|shop\.example/.test(found), found)
  assert.match(found, /^Authentication-Results: other\.example; spf=pass/m)
})

test('a customer over the limit: the third message is held by Postfix', async () => {
  const one = {
    login: 'anna@postfix.example',
    sender: 'anna@postfix.example',
    address: '198.51.100.99',
  }
  for (const subject of ['one', 'two']) {
    assert.match(await mail({ ...one, subject }), /^250/)
    // Postfix has its own queue id: by this a report leads to the message.
    assert.match(await arrived(subject), /^X-Cordon-Ref: v1\.[\w-]{22}\r?$/m)
  }
  assert.match(await mail({ ...one, subject: 'three' }), /^250/)
  await isHeldAndReleased({ folder: served.folder, peer, subject: 'three', arrived })
})

test('several messages and a reset in one connection', async () => {
  const session = await talk(peer.port)
  const say = async (line: string) => {
    const reply = await session.say(`${line}\r\n`)
    assert.match(reply, /^[23]/, line)
  }
  const one = ['MAIL FROM:<root@postfix.example>', `RCPT TO:<inbox@${peer.domain}>`, 'DATA']
  for (const line of ['EHLO here.example', one[0], one[1], 'RSET', ...one] as const)
    await say(line as string)
  await say('Subject: after a reset\r\n\r\nhello\r\n.')
  for (const line of one) await say(line)
  await say('Subject: another one\r\n\r\nhello\r\n.')
  session.end()
  await arrived('after a reset')
  await arrived('another one')
})

test('large mail goes through it', async () => {
  const text = `${'x'.repeat(70)}\n`.repeat(60_000)
  assert.match(await mail({ subject: 'large', text }), /^250/)
  assert.ok((await arrived('large')).length > 4_000_000)
})

test('when Cordon is away Postfix puts everything off', async () => {
  await served.stop()
  assert.match(await mail({ subject: 'x' }), /^4[25]1 4\.(?:3|7)\./)
})
