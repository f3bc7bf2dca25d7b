// Cordon reads the log of a real Postfix as it grows: beside its policy service, and where it only watches, killed and with a log that is rotated.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { cordon, eventually, serve, startServer } from '../support/serve.ts'
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

const bounced = (log: string) => readFileSync(log, 'utf8').match(/status=bounced/g)?.length ?? 0

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

test('only watched, killed again and again, the log rotated: each message and answer counts once, and the operator is told', async t => {
  const peer = await postfixWith('')
  t.after(peer.stop)
  const log = peer.log ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'cordon-mail-log-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'cordon.yaml')
  writeFileSync(
    file,
    `dataFolder: ${folder}/data\nhttp: { console: { port: 0 }, portal: { port: 0 } }\nlog: silent\n${settings(log)}`,
  )
  const first = sent
  for (let kills = 0; kills < 5; kills++) {
    const { server } = await startServer(file)
    // It has begun to read.
    if (kills === 0) await pause(3000)
    const died = once(server, 'exit')
    const killing = pause(500 + Math.random() * 2000).then(() => server.kill('SIGKILL'))
    for (let i = 0; i < 6; i++) await sends(peer)
    await Promise.all([killing, died])
    const due = sent - first
    if (kills === 1) {
      await eventually(() => (bounced(log) >= due ? true : undefined))
      copyFileSync(log, `${log}.1`)
      truncateSync(log)
    }
  }
  const count = sent - first
  const { server } = await startServer(file)
  t.after(() => server.kill('SIGKILL'))
  const seen = await eventually(async () => {
    const text = await seenOf(folder)
    const [, tried] = /"unknownUsers":\[(\d+),/.exec(text) ?? []
    return Number(tried) >= count ? text : undefined
  }, 30)
  await pause(2500)
  assert.equal(await seenOf(folder), seen)
  assert.match(seen, new RegExp(`"firstTimers":\\[${count},${count}\\]`))
  assert.match(seen, new RegExp(`"unknownUsers":\\[${count},${count}\\]`))
  const events = await eventsOf(folder)
  const ids = events.filter(({ kind }) => kind === 'tx-commit').map(one => one['message'])
  assert.equal(new Set(ids).size, ids.length)
  t.diagnostic(`${count} messages, ${ids.length} in the journal`)
})
