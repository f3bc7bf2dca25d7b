// Cordon reads the log of a real Postfix as it grows, beside its policy service.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { cordon, eventually, serve } from '../support/serve.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'
import { strangerSends } from '../support/stranger.ts'

let next: Sink
let relayPort: number
const ANNA = 'anna@isp.example'

before(async () => {
  relayPort = await freePort()
  // It knows none of them.
  next = await sink('127.0.0.1', relayPort, '-f', 'RCPT', '-B', '550 5.1.1 no such user')
})
after(() => next.stop())

const postfixWith = (more: string) =>
  postfix({
    relayPort,
    more: `enable_long_queue_ids = yes
smtpd_authorized_xclient_hosts = 127.0.0.1
mynetworks = 0.0.0.0/0
${more}`,
  })

let sent = 0
/** From a network of its own, to a stranger. */
async function sends(peer: Postfix): Promise<void> {
  sent++
  const reply = await strangerSends(peer.port, 'Subject: x\n\nhello', {
    address: `${20 + sent}.7.0.1`,
    login: ANNA,
    sender: ANNA,
    to: [`stranger${sent}@d${sent}.example`],
  })
  assert.match(reply, /^250/)
}

type Events = readonly { readonly kind: string; readonly [key: string]: unknown }[]

async function eventsOf(folder: string): Promise<Events> {
  const { output } = await cordon(folder, 'events', ANNA, '--json')
  return (JSON.parse(output) as { rows: Events }).rows
}

const seenOf = async (folder: string) => {
  const { output } = await cordon(folder, 'evidence', '1', '--json')
  return JSON.stringify(JSON.parse(output))
}

const settings = (log: string) => `
hostname: mail.isp.example
domains: [isp.example]
resolvers: ["127.0.0.1:1"]
mailLog: [{ file: ${log}, zone: UTC }]
subscribers: [{ id: "1", logins: [{ name: ${ANNA} }] }]
`

test('beside the policy service: unknown users of its log are evidence, and each message counts once', async t => {
  const port = await freePort()
  const asking = `check_policy_service inet:127.0.0.1:${port}`
  const peer = await postfixWith(`smtpd_recipient_restrictions = ${asking}
smtpd_end_of_data_restrictions = ${asking}`)
  t.after(peer.stop)
  const served = await serve(
    `${settings(peer.log ?? '')}policyService: { port: ${port}, countAt: end-of-message }`,
  )
  t.after(served.stop)
  // What comes later is held.
  for (let i = 0; i < 2; i++) await sends(peer)
  const seen = await eventually(async () => {
    const text = await seenOf(served.folder)
    return text.includes('"unknownUsers":[2,2]') ? text : undefined
  }, 25)
  assert.match(seen, /"firstTimers":\[2,2\]/)
  const events = await eventsOf(served.folder)
  assert.equal(events.filter(({ kind }) => kind === 'tx-commit').length, 2)
})
