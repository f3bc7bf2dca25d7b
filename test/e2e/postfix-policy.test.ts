// A real Postfix asks Cordon (check_policy_service), at RCPT and at the end of the message: mail is passed, refused, deferred
// and held through it. Who comes from outside is said by XCLIENT, as a front server would.

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { type Releaser, releaserOf } from '../support/releaser.ts'
import { isHeldAndReleased } from '../support/held-by-postfix.ts'
import { eventually, type Served, serve } from '../support/serve.ts'
import { type Stranger, strangerSends } from '../support/stranger.ts'
import { localDns, type LocalDns } from '../support/unbound.ts'

let dns: LocalDns
let served: Served
let peer: Postfix
let helper: Releaser

before(async () => {
  dns = await localDns([
    '7.100.51.198.in-addr.arpa. PTR mx.meadow.example.',
    'mx.meadow.example. A 198.51.100.7',
  ])
  const port = await freePort()
  const asking = `check_policy_service inet:127.0.0.1:${port}`
  peer = await postfix({
    relayPort: 9,
    more: `enable_long_queue_ids = yes
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_recipient_restrictions = reject_unauth_destination, ${asking}
smtpd_end_of_data_restrictions = ${asking}
smtpd_sasl_auth_enable = no
smtpd_policy_service_default_action = 451 4.3.5 the policy service is away
smtpd_policy_service_retry_delay = 1s`,
  })
  helper = await releaserOf(peer)
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
resolvers: ["${dns.server}"]
policyService: { port: ${port}, countAt: end-of-message }
releaser: { socket: ${helper.socket} }
rules: { reverse-dns: enforce, greylist: enforce }
strangers: { greylist: { delay: 1s } }
access: { entries: [{ match: { sender: ["@never.example"] }, action: reject }] }
limits: { consumer: { messagesPerHour: 2 } }
subscribers: [{ id: "1", logins: [{ name: anna@isp.example }] }]
`)
})

after(async () => {
  await helper.close()
  await peer.stop()
  await served.stop()
  dns.stop()
})

/** Hands Postfix a message as if from outside. */
const mail = ({ subject, ...given }: Stranger & { readonly subject: string }): Promise<string> =>
  strangerSends(peer.port, `Subject: ${subject}\n\nhello`, {
    to: [`inbox@${peer.domain}`],
    ...given,
  })

const arrived = (subject: string) =>
  eventually(() => peer.taken().find(one => one.includes(`Subject: ${subject}`)))

test('deferred, then taken and delivered', async () => {
  assert.match(await mail({ subject: 'first' }), /^450 4\.7\.1 <inbox@[^>]*>: .*\[greylist\]/)
  await new Promise(resolve => setTimeout(resolve, 1100))
  assert.match(await mail({ subject: 'second' }), /^250/)
  await arrived('second')
})

test('refused by a list of ours, and for want of a name', async () => {
  assert.match(
    await mail({ sender: 'x@never.example', subject: 'x' }),
    /^550 5\.7\.1 .*\[access\] Access denied/,
  )
  assert.match(await mail({ address: '203.0.113.9', subject: 'x' }), /^550 5\.7\.25 .*\[ptr\]/)
})

test('what is Postfix’s own business stays so', async () => {
  assert.match(
    await mail({ to: ['a@elsewhere.example'], subject: 'x' }),
    /^[45]54 .*Relay access denied/,
  )
  assert.match(await mail({ address: '127.0.0.1', subject: 'from inside' }), /^250/)
  await arrived('from inside')
})

test('a customer over the limit: the third message is held by Postfix', async () => {
  const one = { login: 'anna@isp.example', sender: 'anna@isp.example', address: '198.51.100.99' }
  for (const subject of ['one', 'two']) {
    assert.match(await mail({ ...one, subject }), /^250/)
    await arrived(subject)
  }
  assert.match(await mail({ ...one, subject: 'three' }), /^250/)
  await isHeldAndReleased({ folder: served.folder, peer, subject: 'three', arrived })
  const text = await (await fetch(`${served.console}metrics`)).text()
  assert.match(text, /rule="greylist"/)
})

test('nonsense is answered with nothing at all', async () => {
  const [, port = ''] = /policy service on port (\d+)/.exec(served.said) ?? []
  const heard = await new Promise<string>(resolve => {
    let text = ''
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\n\r\n\n\n'),
    )
    socket.on('data', chunk => (text += String(chunk))).on('close', () => resolve(text))
  })
  assert.equal(heard, '')
})

test('when Cordon is away Postfix puts everything off, and goes on when it is back', async () => {
  await served.stop()
  assert.match(await mail({ subject: 'x' }), /^451 4\.3\.5/)
})
