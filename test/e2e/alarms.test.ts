// The operator is told: in a real mailbox (Debian's Dovecot), by a signed webhook, and by a program of their own.

import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type AlarmReceiver, alarmReceiver } from '../support/alarm-receiver.ts'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { cordon, eventually, run, type Served, serve, startServer } from '../support/serve.ts'

const SECRET = 'a secret of sixteen'
const NOC = 'noc@isp.example'

let store: Dovecot
before(async () => {
  store = await dovecot()
})
after(() => store.stop())

const config = ({ port }: AlarmReceiver, mailbox = NOC) => `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
mailboxes: [${mailbox}]
mailboxStore: { host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }
certificate: { key: FOLDER/key.pem, chain: FOLDER/cert.pem }
alarms:
  mail: [${mailbox}]
  webhooks: [{ name: noc, url: "http://127.0.0.1:${port}/alarms", secret: "${SECRET}", privateAddresses: true }]
  commands: [{ name: pager, run: [FOLDER/pager, now] }]
subscribers: [{ id: kd1 }, { id: kd2 }]
`

/** A certificate that is good for so many days, and a pager that writes down what it gets. */
const furnished = (days: number) => async (folder: string) => {
  const subject = [
    '-subj',
    '/CN=mail.isp.example',
    '-addext',
    'subjectAltName=DNS:mail.isp.example',
  ]
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', String(days)]
  const { code, output } = await run('openssl', [...made, ...subject, ...files])
  assert.equal(code, 0, output)
  const pager = join(folder, 'pager')
  writeFileSync(pager, `#!/bin/sh\nread -r batch\necho "$# $1 $batch" >> ${folder}/paged\n`)
  chmodSync(pager, 0o755)
}

async function order({ folder }: Served, ...words: readonly string[]): Promise<string> {
  const { code, output } = await cordon(folder, ...words)
  assert.equal(code, 0, output)
  return output
}

const impose = (served: Served, subject: string) =>
  order(served, 'incident', 'impose', subject, 'isolate', '--why', 'a worm knocks at port 25')

/** Soft line breaks of quoted-printable taken out. */
const inbox = async (number: number, user = NOC) =>
  (await eventually(() => store.read(user, number))).replaceAll(/=\r?\n/g, '')
const alarmsOf = ({ posted }: AlarmReceiver) => posted.flatMap(one => one.alarms)

test('of a containment and of its end: in the mailbox, at the webhook and at the pager, each once, over a SIGKILL', async t => {
  const receiver = await alarmReceiver(t)
  const served = await serve(config(receiver), furnished(90))
  t.after(served.stop)
  await impose(served, 'line:kd1')
  const mail = await inbox(1)
  const code = /case (\S+)\)/.exec(mail)?.[1] ?? ''
  assert.match(mail, /^Subject: \[Cordon mail\.isp\.example\] contained: line:kd1 \(case \S+\)/m)
  assert.match(mail, /the line of customer kd1: isolated \(suspicious mail waits/)
  assert.match(mail, /a worm knocks at port 25/)
  assert.ok(mail.includes(`$ cordon incident release ${code}`), mail)
  const [posted] = await eventually(() =>
    receiver.posted.length > 0 ? receiver.posted : undefined,
  )
  assert.equal(posted?.alarms[0]?.alarm, 'contained')
  assert.equal(posted?.alarms[0]?.undo, `cordon incident release ${code}`)
  const [, at = '', sum] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(posted?.signature ?? '') ?? []
  const args = ['dgst', '-sha256', '-hmac', SECRET, '-r']
  assert.equal((await run('openssl', args, `${at}.${posted?.body}`)).output.split(' ')[0], sum)
  const paged = join(served.folder, 'paged')
  await eventually(() => (existsSync(paged) ? true : undefined))
  assert.match(readFileSync(paged, 'utf8'), /^1 now \{"id":"command pager\.1\.\d+"/)
  assert.doesNotMatch(readFileSync(paged, 'utf8'), /"seq"/)
  assert.match(await order(served, 'sentence', code), /the line of customer kd1: isolated/)

  served.signal('SIGKILL')
  const { server } = await startServer(join(served.folder, 'cordon.yaml'))
  t.after(() => server.kill('SIGKILL'))
  await order(served, 'incident', 'release', code)
  const second = await inbox(2)
  assert.match(second, /^Subject: .* contained over: line:kd1/m)
  await eventually(() => alarmsOf(receiver)[1])
  assert.deepEqual(
    alarmsOf(receiver).map(one => [one.alarm, one.over ?? false]),
    [
      ['contained', false],
      ['contained', true],
    ],
  )
  assert.equal(await store.read(NOC, 3), undefined)
})

test('a receiver that is slow, broken, redirects and is away gets everything when it is back', async t => {
  const receiver = await alarmReceiver(t)
  receiver.answers(302)
  const mailbox = 'second@isp.example'
  const served = await serve(config(receiver, mailbox), furnished(90))
  t.after(served.stop)
  await impose(served, 'line:kd1')
  // It does not keep the mail from leaving.
  await inbox(1, mailbox)
  await eventually(() => (receiver.posted.length > 0 ? true : undefined))
  receiver.answers('nothing')
  await eventually(() => (receiver.posted.length > 1 ? true : undefined))
  await receiver.goesAway()
  await impose(served, 'line:kd2')
  receiver.answers(204)
  await receiver.comesBack()
  const told = await eventually(() =>
    alarmsOf(receiver).some(one => one.about === 'line:kd2') ? alarmsOf(receiver) : undefined,
  )
  assert.ok(told.every(one => one.alarm === 'contained'))
  // What was posted again bears the same id: a receiver that got it twice can tell.
  const ids = new Map(receiver.posted.map(one => [one.id, one.body]))
  for (const one of receiver.posted) assert.equal(ids.get(one.id), one.body)
  assert.equal(ids.size, 2)
})
