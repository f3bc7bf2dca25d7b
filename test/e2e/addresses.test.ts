// One mailbox under many spellings, the mailboxes that are there without being named, and what a submitter may not write: with the real
// program, seen in its mailboxes.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { maildir } from '../support/peer.ts'
import { eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const STRANGER = '127.0.0.9'
const RESOLVERS = "resolvers: ['127.0.0.1:1']"
let served: Served
/** It keeps no domain at all. */
let bare: Served

before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [B\u00fccher.example, isp.example.]
mailboxes: [sink@isp.example]
${RESOLVERS}
listeners:
  - { kind: inbound, port: 0 }
  - { kind: trusted-network, port: 0 }
rules: { attachment: enforce }
attachments: { rejected: [exe] }
subscribers:
  - id: "1"
    logins: [{ name: "Jo\u0308rg@b\u00fccher.example", addresses: [info@isp.example] }]
forwards: { news@isp.example: [sink@isp.example] }
leases: [{ prefix: 127.0.0.1/32, subscriber: "1" }]
`)
  bare = await serve(`
hostname: relay.isp.example
${RESOLVERS}
listeners: [{ kind: trusted-network, port: 0 }]
subscribers: [{ id: "1" }]
leases: [{ prefix: 127.0.0.1/32, subscriber: "1" }]
`)
})
after(async () => {
  await served.stop()
  await bare.stop()
})

type AddressedMail = { readonly port?: number; readonly from?: string; readonly message?: string }

/** The last reply. */
async function send(to: string, letter: AddressedMail = {}): Promise<string> {
  const { port = served.ports[0] ?? 0, from = 'ann@meadow.example', message = 'x: y\r\n' } = letter
  // To the exchanger a stranger writes: of the line's own mail a dozen of letters would wait.
  const session = await talk(port, port === served.ports[0] ? STRANGER : undefined)
  let reply = ''
  try {
    for (const line of [
      'EHLO mx.meadow.example',
      `MAIL FROM:<${from}> SMTPUTF8`,
      `RCPT TO:${to}`,
      'DATA',
    ]) {
      reply = await session.say(`${line}\r\n`)
      if (!/^[23]/.test(reply)) return reply
    }
    return await session.say(`${message}.\r\n`)
  } finally {
    session.end()
  }
}

const folder = (mailbox: string, where = served) => join(where.folder, 'data/mailboxes', mailbox)
const arrives = (mailbox: string, mark: string, where = served) =>
  eventually(() => {
    const place = folder(mailbox, where)
    return existsSync(place) ? maildir(place).find(mail => mail.includes(mark)) : undefined
  })

// A folder of a Maildir has a name that nobody can climb out of.
const JOERG = 'j%f6rg@xn--bcher-kva.example'

for (const [i, to] of [
  '<j\u00f6rg@b\u00fccher.example>',
  '<jo\u0308rg@xn--bcher-kva.example>',
  '<"J\u00d6RG"@B\u00dcCHER.example.>',
  '<j\u00f6rg+shop@b\u00fccher.example>',
  '<info@isp.example>',
  '<INFO+a@isp.example.>',
  '<"info"@isp.example>',
].entries())
  test(`${to} is one mailbox`, async () => {
    assert.match(await send(to, { message: `Subject: spelling-${i}.\r\n` }), /^250/)
    await arrives(JOERG, `spelling-${i}.`)
  })

test('a forward is one under every spelling, too', async () => {
  assert.match(await send('<"News"+x@isp.example>'), /^501/)
  assert.match(await send('<NEWS+x@isp.example>', { message: 'Subject: forwarded\r\n' }), /^250/)
  await arrives('sink@isp.example', 'forwarded')
})

const PROGRAM =
  'Subject: look\r\nContent-Type: application/octet-stream; name=a.exe\r\n\r\nTVqQ\r\n'

test('postmaster and abuse of every domain are there, and what they are sent is not looked at', async () => {
  for (const domain of ['isp.example', 'b\u00fccher.example'])
    for (const role of ['postmaster', 'Abuse'])
      for (const port of served.ports) {
        const reply = await send(`<${role}@${domain}>`, { port, message: PROGRAM })
        assert.match(reply, /^250/, `${role}@${domain} ${reply}`)
      }
  await arrives('abuse@isp.example', 'a.exe')
  assert.match(await send('<sink@isp.example>', { message: PROGRAM }), /attachment/)
  // Nobody else's.
  const [, port = 0] = served.ports
  assert.match(await send('<abuse@meadow.example>', { port, message: PROGRAM }), /attachment/)
})

test('the postmaster without a domain is there, also where no domain is', async () => {
  assert.match(await send('<postmaster>', { message: 'Subject: to the first\r\n' }), /^250/)
  await arrives('postmaster@xn--bcher-kva.example', 'to the first')
  const [port = 0] = bare.ports
  for (const to of ['<Postmaster>', '<postmaster@relay.isp.example>'])
    assert.match(await send(to, { port, message: `Subject: hello ${to}\r\n` }), /^250/)
  await arrives('postmaster@relay.isp.example', 'hello <postmaster@relay', bare)
})

test('the last server alone writes Return-Path', async () => {
  const [, port = 0] = served.ports
  const message = 'Return-Path: <forged@bank.example>\r\nSubject: returned\r\n'
  assert.match(await send('<sink@isp.example>', { port, message }), /^250/)
  const mail = await arrives('sink@isp.example', 'returned')
  assert.deepEqual(mail.match(/^Return-Path: .*$/gim), ['Return-Path: <ann@meadow.example>'])
})
