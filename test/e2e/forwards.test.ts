// Mail that a forward sends on gets a sender of ours (SRS), so that it passes the SPF of whoever sent it; a bounce to
// that sender goes back to them, and to nobody else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { eventually, run, serve } from '../support/serve.ts'
import { sink } from '../support/smtp-sink.ts'

const send = (port: number, from: string, to: string, subject: string) =>
  run('python3', [
    '-c',
    `
import smtplib
s = smtplib.SMTP('127.0.0.1', ${port})
try: s.sendmail('${from}', ['${to}'], 'Subject: ${subject}\\r\\n\\r\\nhello\\r\\n'); print('taken')
except smtplib.SMTPRecipientsRefused as e: print(e.recipients)
s.quit()`,
  ])

test('there and back', async t => {
  const port = await freePort()
  const outside = await sink('127.0.0.1', port)
  t.after(outside.stop)
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
routes: { "*": { host: 127.0.0.1, port: ${port} } }
forwards: { away@isp.example: [ann@copper.example] }
`)
  t.after(served.stop)
  const [inbound = 0] = served.ports
  const arrived = (subject: string) =>
    eventually(() => outside.taken().find(mail => mail.includes(`Subject: ${subject}`)))

  await send(inbound, 'friend@meadow.example', 'away@isp.example', 'there')
  const there = await arrived('there')
  assert.match(there, /^X-Rcpt-Args: <ann@copper\.example>/m)
  const sender = /^X-Mail-Args: <(SRS0=[^>]+@isp\.example)>/m.exec(there)?.[1]
  assert.ok(sender, there)

  await send(inbound, '', sender, 'back')
  const back = await arrived('back')
  assert.match(back, /^X-Mail-Args: <>/m)
  assert.match(back, /^X-Rcpt-Args: <friend@meadow\.example>/m)

  const forged = sender.replace('friend', 'victim')
  assert.match((await send(inbound, '', forged, 'forged')).output, /550.*\[unknown\]/)
})
