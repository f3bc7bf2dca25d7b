// Mail that a forward sends on gets a sender of ours (SRS), so that it passes the SPF of whoever sent it; a bounce to
// that sender goes back to them, and to nobody else.

import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ownKeys } from '../../src/drivers/identity/own-keys.ts'
import { domainKey, inZone, keyRecord } from '../support/domain-key.ts'
import { freePort } from '../support/free-port.ts'
import { eventually, run, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { maildir } from '../support/peer.ts'
import { sink } from '../support/smtp-sink.ts'
import { localDns } from '../support/unbound.ts'

const send = (port: number, from: string, to: string, subject: string) =>
  run('python3', [
    '-c',
    `
import smtplib
s = smtplib.SMTP('127.0.0.1', ${port})
try: s.sendmail('${from}', ['${to}'], 'From: ${from}\\r\\nSubject: ${subject}\\r\\n\\r\\nhello\\r\\n'); print('taken')
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

  const long = `bounce+${'token-'.repeat(9)}@meadow.example`
  await send(inbound, long, 'away@isp.example', 'from afar')
  const token = /^X-Mail-Args: <(srs=[^>]+@isp\.example)>/m.exec(await arrived('from afar'))?.[1]
  assert.ok(token)
  await send(inbound, '', token, 'and home')
  assert.ok((await arrived('and home')).includes(`X-Rcpt-Args: <${long}>`))

  const forged = sender.replace('friend', 'victim')
  assert.match((await send(inbound, '', forged, 'forged')).output, /550.*\[unknown\]/)
})

const CHECK = join(import.meta.dirname, '../support/arc-check.py')

test('a forward is sealed (ARC): a second forward adds to it, and a broken chain is left alone', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-arc-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const meadow = domainKey('meadow.example', folder)
  const ours = await ownKeys(folder, 'mail.isp.example')
  const texts: Record<string, string> = {
    'mail._domainkey.meadow.example': meadow.record,
    'cordon._domainkey.isp.example': keyRecord(
      ours.dkim.signing('isp.example')[0]?.privateKey ?? '',
    ),
    'meadow.example': 'v=spf1 ip4:127.0.0.1 -all',
    '_dmarc.meadow.example': 'v=DMARC1; p=reject',
  }
  const zone = join(folder, 'zone')
  writeFileSync(
    zone,
    Object.entries(texts)
      .map(pair => `${pair.join(' ')}\n`)
      .join(''),
  )
  const dns = await localDns(Object.entries(texts).map(([name, text]) => inZone(name, text)))
  t.after(dns.stop)
  const port = await freePort()
  const outside = await sink('127.0.0.1', port)
  t.after(outside.stop)
  const served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
resolvers: ["${dns.server}"]
routes: { "*": { host: 127.0.0.1, port: ${port} } }
forwards: { away@isp.example: [ann@copper.example] }
`,
    async to => cpSync(join(folder, 'keys'), join(to, 'data/keys'), { recursive: true }),
  )
  t.after(served.stop)

  const forward = async (message: string, known: string) => {
    const file = join(folder, 'message')
    writeFileSync(file, message.replaceAll(/\r?\n/g, '\r\n'), 'latin1')
    const sent = await run('python3', [
      '-c',
      `
import smtplib
s = smtplib.SMTP('127.0.0.1', ${served.ports[0]}, local_hostname='mx.meadow.example')
s.sendmail('ann@meadow.example', ['away@isp.example'], open('${file}', 'rb').read()); s.quit()`,
    ])
    assert.equal(sent.code, 0, sent.output)
    const arrived = await eventually(() => outside.taken().find(mail => mail.includes(known)))
    // What smtp-sink wrote in front of it is not the message.
    return arrived.replaceAll('\r', '').replace(/^[\s\S]*?\n(?=ARC-Seal)/, '')
  }
  const chain = async (message: string) =>
    (await run('/usr/bin/python3', [CHECK, 'arc', zone], message)).output.trim()

  const plain = 'From: ann@meadow.example\nTo: away@isp.example\nSubject: first\n\nhello\n'
  const once = await forward(await meadow.sign(plain), 'Subject: first')
  assert.match(await chain(once), /^pass 1 /)
  const results = /^ARC-Authentication-Results: i=1; mail\.isp\.example;[\s\S]*?(?=^\S)/m.exec(
    once,
  )?.[0]
  for (const one of ['dkim=pass', 'spf=pass', 'dmarc=pass']) assert.ok(results?.includes(one), once)
  const changed = once.replace('\nhello', '\nhallo')
  assert.match(await chain(changed), /^fail /, 'the checker checks nothing')

  const twice = await forward(once, 'ARC-Seal: i=2;')
  assert.match(await chain(twice), /^pass 2 /)

  const broken = await forward(changed, 'hallo')
  assert.doesNotMatch(await chain(broken), /^pass/)
  assert.doesNotMatch(broken, /^ARC-Seal: i=2;[^;]*;[^;]*cv=pass/m)
})

test('what our own people send bears a tag (BATV); a report with it comes back, one without is forged', async t => {
  const port = await freePort()
  const outside = await sink('127.0.0.1', port)
  t.after(outside.stop)
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }, { kind: trusted-network, port: 0 }]
routes: { "*": { host: 127.0.0.1, port: ${port} } }
rules: { bounce-control: enforce }
strangers: { bounceControl: { observes: 0d } }
subscribers: [{ id: "7", logins: [{ name: anna@isp.example }] }]
leases: [{ prefix: 127.0.0.1, subscriber: "7" }]
`)
  t.after(served.stop)
  const [inbound = 0, trusted = 0] = served.ports
  assert.match(
    (await send(trusted, 'anna@isp.example', 'ann@copper.example', 'out')).output,
    /taken/,
  )
  const out = await eventually(() => outside.taken().find(mail => mail.includes('Subject: out')))
  const sender = /^X-Mail-Args: <(prvs=0\d{3}[0-9a-f]{6}=anna@isp\.example)>/m.exec(out)?.[1]
  assert.ok(sender, out)
  const report = async (to: string, subject: string) => {
    const said = await talk(inbound)
    for (const line of ['EHLO mx.copper.example', 'MAIL FROM:<>', `RCPT TO:<${to}>`, 'DATA'])
      assert.match(await said.say(`${line}\r\n`), /^[23]/, line)
    const reply = await said.say(`Subject: ${subject}\r\n\r\nhello\r\n.\r\n`)
    said.end()
    return reply
  }
  assert.match(await report(sender, 'undeliverable'), /^250/)
  await eventually(() =>
    maildir(join(served.folder, 'data/mailboxes/anna@isp.example')).find(mail =>
      mail.includes('Subject: undeliverable'),
    ),
  )
  const nobody = sender.replace('anna@', 'nobody@')
  const asked = await talk(inbound)
  for (const line of ['EHLO mx.copper.example', 'MAIL FROM:<>']) await asked.say(`${line}\r\n`)
  assert.match(
    await asked.say(`RCPT TO:<${nobody}>\r\n`),
    /^550 5\.1\.1/,
    'a tag makes nobody exist',
  )
  asked.end()
  assert.match(await report('anna@isp.example', 'forged'), /^550 5\.7\.1 \[bounce\]/)
  const wrong = sender.replace(
    /[0-9a-f]=anna/,
    digit => `${digit.startsWith('0') ? '1' : '0'}=anna`,
  )
  assert.match(await report(wrong, 'forged'), /^550 5\.7\.1 \[bounce\]/)
})
