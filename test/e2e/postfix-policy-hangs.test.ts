// Postfix asks a Cordon that hangs, and over connections that Postfix has closed meanwhile: the stated default action, and each message counts
// once.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { strangerSends } from '../support/stranger.ts'

const LOGIN = 'anna@isp.example'
const INBOX = 'inbox@postfix.example'

let served: Served
let peer: Postfix
let between: Awaited<ReturnType<typeof passedOn>>

/** Passes connections on to this port, and remembers them. */
async function passedOn(port: number) {
  const asked: Socket[] = []
  const server = createServer(socket => {
    asked.push(socket)
    const other = connect(port, '127.0.0.1')
    for (const one of [socket, other]) one.on('error', () => one.destroy())
    socket.pipe(other).pipe(socket)
    socket.on('close', () => other.destroy())
    other.on('close', () => socket.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = () => {
    for (const socket of asked) socket.destroy()
    server.close()
  }
  return { asked, port: (server.address() as AddressInfo).port, close }
}

before(async () => {
  const port = await freePort()
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
resolvers: ["127.0.0.1:9"]
policyService: { port: ${port}, countAt: end-of-message }
subscribers: [{ id: anna, logins: [{ name: ${LOGIN} }] }]
`)
  between = await passedOn(port)
  const asking = `check_policy_service inet:127.0.0.1:${between.port}`
  peer = await postfix({
    relayPort: 9,
    more: `smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_recipient_restrictions = ${asking}
smtpd_end_of_data_restrictions = ${asking}
smtpd_policy_service_default_action = 451 4.3.5 Please try again later
smtpd_policy_service_timeout = 2s
smtpd_policy_service_max_idle = 1s
smtpd_policy_service_try_limit = 2
smtpd_policy_service_retry_delay = 1s`,
  })
})

after(async () => {
  await peer.stop()
  between.close()
  served.signal('SIGCONT')
  await served.stop()
})

/** What was counted of messages with so many recipients. */
async function commits(recipients: number): Promise<number> {
  const { output } = await cordon(served.folder, 'events', `login:${LOGIN}`)
  const said = `"recipients":${recipients},`
  return output.split('\n').filter(line => /tx-commit/.test(line) && line.includes(said)).length
}
const counted = (recipients: number) =>
  eventually(async () => ((await commits(recipients)) > 0 ? true : undefined))

/** In a session until DATA is said. */
async function begun(recipients: number) {
  const session = await talk(peer.port)
  const to = Array.from({ length: recipients }, (_, i) => `RCPT TO:<r${i}@postfix.example>`)
  for (const line of [
    'EHLO front.isp.example',
    `XCLIENT ADDR=198.51.100.99 LOGIN=${LOGIN}`,
    'EHLO pc.example',
    `MAIL FROM:<${LOGIN}>`,
    ...to,
  ])
    assert.match(await session.say(`${line}\r\n`), /^2/, line)
  return {
    ends: async () => {
      assert.match(await session.say('DATA\r\n'), /^354/)
      const reply = await session.say('Subject: x\r\n\r\nx\r\n.\r\n')
      session.end()
      return reply
    },
  }
}

test('a connection that breaks off between RCPT and the end, and one that Postfix has closed for idleness: each message counts once', async () => {
  const before = between.asked.length
  const message = await begun(3)
  const mine = between.asked.slice(before)
  assert.ok(mine.length > 0)
  for (const socket of mine) socket.destroy()
  assert.match(await message.ends(), /^250/)
  const later = between.asked.slice(before + mine.length)
  assert.ok(later.length > 0, 'the end came over another')
  await counted(3)
  // Between two sessions of its clients Postfix keeps it for smtpd_policy_service_max_idle.
  await Promise.all(later.filter(one => !one.destroyed).map(one => once(one, 'close')))
  const next = await begun(4)
  assert.match(await next.ends(), /^250/)
  await counted(4)
  assert.deepEqual([await commits(3), await commits(4)], [1, 1])
})

test('Cordon hangs: Postfix asks again in vain and does what it is set up to do; what it asked counts once, and so does the next', async () => {
  const message = await begun(2)
  served.signal('SIGSTOP')
  const asked = between.asked.length
  assert.match(await message.ends(), /^451 4\.3\.5 .*Please try again later/)
  assert.ok(between.asked.length > asked, 'it was asked again')
  const refused = { login: LOGIN, sender: LOGIN, to: [INBOX] }
  assert.match(await strangerSends(peer.port, 'Subject: y\n\nx', refused), /^451 4\.3\.5/)
  served.signal('SIGCONT')
  const again = await begun(5)
  assert.match(await again.ends(), /^250/)
  await counted(5)
  assert.equal(await commits(2), 1)
  assert.equal(await commits(5), 1)
  assert.match(await strangerSends(peer.port, 'Subject: z\n\nx', refused), /^250/)
})
