// Mailboxes kept by Dovecot: mail goes there over LMTP, on a local socket or a port, and its users read it over IMAP.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { cordon, eventually, run, serve } from '../support/serve.ts'

let store: Dovecot
before(async () => {
  store = await dovecot()
})
after(() => store.stop())

const config = (hop: string) => `
hostname: mail.isp.example
domains: [isp.example]
mailboxStore: ${hop}
listeners: [{ kind: inbound, port: 0 }]
subscribers:
  - id: "1"
    logins:
      - { name: anna@isp.example, addresses: [anna.ek@isp.example] }
      - { name: bert@isp.example }
`

const send = (port: number, to: string, subject: string) =>
  run('python3', [
    '-c',
    `
import smtplib
s = smtplib.SMTP('127.0.0.1', ${port})
s.sendmail('friend@meadow.example', ${to}, 'From: friend@meadow.example\\r\\nSubject: ${subject}\\r\\n\\r\\n.hello\\r\\nGr\\xc3\\xbc\\xc3\\x9fe\\r\\n'.encode('latin1'), mail_options=['BODY=8BITMIME'])
s.quit()`,
  ])

const inbox = (user: string, number: number) => eventually(() => store.read(user, number))

test('over a port: an alias, a login, one message for both', async t => {
  const served = await serve(config(`{ host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }`))
  t.after(served.stop)
  const [port = 0] = served.ports
  const sent = await send(port, "['anna.ek@isp.example', 'bert@isp.example']", 'for both')
  assert.equal(sent.code, 0, sent.output)
  for (const user of ['anna@isp.example', 'bert@isp.example']) {
    const mail = await inbox(user, 1)
    assert.match(mail, /^Subject: for both/m)
    assert.match(mail, /^\.hello\r$/m)
    assert.match(mail, /^Grüße\r$/m)
    assert.match(mail, /^Return-Path: <friend@meadow\.example>/m)
  }
  await eventually(async () =>
    (await cordon(served.folder, 'queue')).output.includes('No messages.') ? true : undefined,
  )
})

test('over a local socket', async t => {
  const served = await serve(
    config(`{ host: localhost, port: 24, socket: ${store.lmtpSocket}, protocol: lmtp }`),
  )
  t.after(served.stop)
  const sent = await send(served.ports[0] ?? 0, "['anna@isp.example']", 'by socket')
  assert.equal(sent.code, 0, sent.output)
  assert.match(await inbox('anna@isp.example', 2), /^Subject: by socket/m)
})

test('while the store is away mail waits, and says so', async t => {
  const served = await serve(config('{ host: 127.0.0.1, port: 1, protocol: lmtp }'))
  t.after(served.stop)
  const sent = await send(served.ports[0] ?? 0, "['anna@isp.example']", 'later')
  assert.equal(sent.code, 0, sent.output)
  await eventually(async () =>
    (await cordon(served.folder, 'queue')).output.includes('ECONNREFUSED') ? true : undefined,
  )
})
