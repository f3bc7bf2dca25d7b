// Programs nobody here wrote at both ends: Python's smtplib, curl and msmtp submit with a password over TLS; Postfix's
// smtp-sink takes what is relayed, or refuses it, and then a DSN is in the sender's mailbox.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { freePort } from '../support/free-port.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

let served: Served
let sinks: { folder: string; processes: ChildProcess[] }

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-sink-'))
  const [taking, refusing] = [await freePort(), await freePort()]
  const sink = (port: number, ...args: string[]) =>
    spawn('/usr/sbin/smtp-sink', ['-u', 'root', ...args, `127.0.0.1:${port}`, '100'], {
      cwd: folder,
      stdio: 'ignore',
    })
  sinks = { folder, processes: [sink(taking, '-d', '%M.'), sink(refusing, '-f', 'rcpt')] }
  const hash = await hashPassword('a password', { memory: 8, passes: 1 })
  const passwords = join(folder, 'passwords')
  writeFileSync(passwords, `bert@isp.example:{ARGON2ID}${hash}:1000:1000::/home/bert\n`)
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners:
  - { kind: submission, port: 0 }
  - { kind: submission, port: 0, tls: implicit }
routes:
  "*": { host: 127.0.0.1, port: ${taking} }
  refused.example: { host: 127.0.0.1, port: ${refusing} }
subscribers:
  - { id: "1", logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }
  - { id: "2", logins: [{ name: bert@isp.example }] }
passwords: { file: ${passwords} }
`)
})

after(async () => {
  await served.stop()
  for (const one of sinks.processes) one.kill()
  rmSync(sinks.folder, { recursive: true, force: true })
})

/** What smtp-sink wrote down of the message with this subject. */
const relayed = (subject: string) =>
  eventually(() =>
    readdirSync(sinks.folder)
      .map(name => readFileSync(join(sinks.folder, name), 'latin1'))
      .find(mail => mail.includes(`Subject: ${subject}`)),
  )

test('Python smtplib, STARTTLS', async () => {
  const script = `
import smtplib, ssl
s = smtplib.SMTP('127.0.0.1', ${served.ports[0]}); s.starttls(context=ssl._create_unverified_context())
s.login('anna@isp.example', 'a password')
s.sendmail('anna@isp.example', ['friend@elsewhere.example'], 'From: anna@isp.example\\r\\nSubject: from python\\r\\n\\r\\n.a dot\\r\\n'); s.quit()`
  const { code, output } = await run('python3', ['-c', script])
  assert.equal(code, 0, output)
  const mail = await relayed('from python')
  assert.match(mail, /^X-Mail-Args: <anna@isp.example>/m)
  assert.match(mail, /^X-Rcpt-Args: <friend@elsewhere.example>/m)
  assert.match(
    mail,
    /Received: from \S+ \(\[127\.0\.0\.1\]\)\n\tby mail\.isp\.example with ESMTPSA id/,
  )
  assert.match(mail, /^Message-ID: <\S+@mail\.isp\.example>$/m)
  assert.match(mail, /^\.a dot$/m)
})

test('curl, TLS from the first byte', async () => {
  const letter = 'From: <anna@isp.example>\r\nSubject: from curl\r\n\r\nhello\r\n'
  const args = [
    '-sS',
    '-k',
    '--url',
    `smtps://127.0.0.1:${served.ports[1]}`,
    '--user',
    'anna@isp.example:a password',
    '--mail-from',
    'anna@isp.example',
    '--mail-rcpt',
    'friend@elsewhere.example',
    '-T',
    '-',
  ]
  const { code, output } = await run('curl', args, letter)
  assert.equal(code, 0, output)
  await relayed('from curl')
})

test('msmtp, with the certificate verified against the one Cordon made', async () => {
  const certificate = join(served.folder, 'data/keys/tls-certificate.pem')
  const config = join(served.folder, 'msmtprc')
  writeFileSync(
    config,
    `account default
host 127.0.0.1
port ${served.ports[0]}
tls on
tls_starttls on
tls_trust_file ${certificate}
auth on
user anna@isp.example
password "a password"
from anna@isp.example
`,
    { mode: 0o600 },
  )
  const { code, output } = await run(
    'msmtp',
    ['-C', config, 'friend@elsewhere.example'],
    'From: anna@isp.example\nSubject: from msmtp\n\nhello\n',
  )
  assert.equal(code, 0, output)
  await relayed('from msmtp')
})

test('a password that stands in somebody else’s file', async () => {
  const script = `
import smtplib, ssl
s = smtplib.SMTP('127.0.0.1', ${served.ports[0]}); s.starttls(context=ssl._create_unverified_context())
try: s.login('bert@isp.example', 'another')
except smtplib.SMTPAuthenticationError as e: print(e.smtp_code)
print(s.login('bert@isp.example', 'a password'))`
  const { output } = await run('python3', ['-c', script])
  assert.match(output, /^535\n\(235,/)
})

test('a wrong password and a foreign sender are told so in words', async () => {
  const script = `
import smtplib, ssl
s = smtplib.SMTP('127.0.0.1', ${served.ports[0]}); s.starttls(context=ssl._create_unverified_context())
try: s.login('anna@isp.example', 'wrong')
except smtplib.SMTPAuthenticationError as e: print(e.smtp_code, e.smtp_error.decode())
s.login('anna@isp.example', 'a password')
try: s.sendmail('someone@else.example', ['friend@elsewhere.example'], 'x')
except smtplib.SMTPSenderRefused as e: print(e.smtp_code, e.smtp_error.decode())`
  const { output } = await run('python3', ['-c', script])
  assert.match(output, /^535 5\.7\.8 \[password\]/m)
  assert.match(output, /^553 5\.7\.1 \[sender\]/m)
})

test('what the other server refuses comes back as a DSN (RFC 3464), once, and the queue is empty', async () => {
  const script = `
import smtplib, ssl
s = smtplib.SMTP('127.0.0.1', ${served.ports[0]}); s.starttls(context=ssl._create_unverified_context())
s.login('anna@isp.example', 'a password')
s.sendmail('anna@isp.example', ['nobody@refused.example'], 'From: anna@isp.example\\r\\nSubject: in vain\\r\\n\\r\\nhello\\r\\n')`
  assert.equal((await run('python3', ['-c', script])).code, 0)
  const box = join(served.folder, 'data/mailboxes/anna@isp.example/new')
  const report = await eventually(() =>
    existsSync(box)
      ? readdirSync(box).map(name => readFileSync(join(box, name), 'utf8'))[0]
      : undefined,
  )
  assert.match(report, /^Return-Path: <>/)
  assert.match(report, /multipart\/report; report-type=delivery-status/)
  assert.match(report, /^Final-Recipient: rfc822; nobody@refused\.example/m)
  assert.match(report, /^Action: failed/m)
  assert.match(report, /^Status: 5\./m)
  const empty = await eventually(async () => {
    const { output } = await cordon(served.folder, 'queue')
    return output.includes('No messages.') ? output : undefined
  })
  assert.ok(empty)
  assert.equal(readdirSync(box).length, 1)
})

test('the command line shows the customer and takes orders', async () => {
  const shown = await cordon(served.folder, 'subscriber', 'show', '1')
  assert.match(shown.output, /logins {4}anna@isp\.example/)
  const imposed = await cordon(
    served.folder,
    'incident',
    'impose',
    'login:anna@isp.example',
    'stop-login',
    '--why',
    'a test',
  )
  assert.match(imposed.output, /^stop-login on login:anna@isp\.example for 72 h, case/)
  const script = `
import smtplib, ssl
s = smtplib.SMTP('127.0.0.1', ${served.ports[0]}); s.starttls(context=ssl._create_unverified_context())
try: s.login('anna@isp.example', 'a password')
except smtplib.SMTPAuthenticationError as e: print(e.smtp_code, e.smtp_error.decode())`
  assert.match((await run('python3', ['-c', script])).output, /^535 5\.7\.13 \[stopped\]/)
  const listed = await cordon(served.folder, 'incident', 'list', '--json')
  const { rows } = JSON.parse(listed.output) as { rows: { caseCode: string; status: string }[] }
  const [incident] = rows
  assert.equal(incident?.status, 'contained')
  const released = await cordon(served.folder, 'incident', 'release', incident?.caseCode ?? '')
  assert.match(released.output, /is released/)
  assert.equal((await cordon(served.folder, 'incident', 'show', 'XX-NONE')).code, 1)
})
