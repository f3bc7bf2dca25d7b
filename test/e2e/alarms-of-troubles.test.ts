// What the operator is told of beside cases, by a real server with real troubles: a certificate that ends soon, mail that waits, another
// server that refuses us for our address, a disk that is nearly full and then full.

import assert from 'node:assert/strict'
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Alarm } from '../../src/model/alarm.ts'
import { mounts } from '../support/as-root.ts'
import { alarmReceiver } from '../support/alarm-receiver.ts'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { freePort } from '../support/free-port.ts'
import { eventually, run, serve } from '../support/serve.ts'
import { sink } from '../support/smtp-sink.ts'

const NOC = 'noc@isp.example'

let store: Dovecot
before(async () => {
  store = await dovecot()
})
after(() => store.stop())

async function certificateFor(days: number, folder: string): Promise<void> {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const subject = [
    '-subj',
    '/CN=mail.isp.example',
    '-addext',
    'subjectAltName=DNS:mail.isp.example',
  ]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', String(days)]
  const { code, output } = await run('openssl', [...made, ...subject, ...files])
  assert.equal(code, 0, output)
}

const LISTED = '550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org'

test('certificate, queue and listed address: each in the mailbox and at the webhook, once', async t => {
  const receiver = await alarmReceiver(t)
  const far = await freePort()
  const { stop } = await sink('127.0.0.1', far, '-f', 'rcpt', '-B', LISTED)
  t.after(stop)
  const served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
mailboxes: [${NOC}]
forwards: { list@isp.example: [a@far.example, b@far.example] }
routes: { far.example: { host: 127.0.0.1, port: ${far} } }
mailboxStore: { host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }
certificate: { key: FOLDER/key.pem, chain: FOLDER/cert.pem }
rules: { helo-invalid: off }
alarms:
  mail: [${NOC}]
  webhooks: [{ url: "http://127.0.0.1:${receiver.port}/", secret: a secret of sixteen, privateAddresses: true }]
  queue: 1
`,
    folder => certificateFor(10, folder),
  )
  t.after(served.stop)
  const script = `
import smtplib
s = smtplib.SMTP('127.0.0.1', ${served.ports[0]})
s.sendmail('friend@meadow.example', ['list@isp.example'], 'From: friend@meadow.example\\r\\nSubject: hello\\r\\n\\r\\nhello\\r\\n')
s.quit()`
  const sent = await run('python3', ['-c', script])
  assert.equal(sent.code, 0, sent.output)
  const wanted = ['address-listed', 'certificate', 'queue']
  const told = () => receiver.posted.flatMap(one => one.alarms)
  await eventually(() =>
    wanted.every(kind => told().some(one => one.alarm === kind)) ? true : undefined,
  )
  const one = (kind: string): Alarm | undefined => told().find(({ alarm }) => alarm === kind)
  assert.match(one('certificate')?.words ?? '', /"certificate" expires on/)
  assert.match(one('queue')?.words ?? '', /2 recipients wait for delivery, more than 1/)
  assert.match(one('address-listed')?.words ?? '', /blocked using zen\.spamhaus\.org/)
  // As many looks later none has come twice.
  await new Promise(resolve => setTimeout(resolve, 20_000))
  assert.deepEqual(
    told()
      .map(({ alarm }) => alarm)
      .toSorted(),
    wanted,
  )
  const mails = await Promise.all([1, 2, 3].map(number => store.read(NOC, number)))
  for (const kind of wanted)
    assert.equal(mails.filter(mail => mail?.includes(`${kind}: `)).length, 1, kind)
})

test(
  'a disk that is nearly full, and then full, is told of while mail cannot be',
  mounts,
  async t => {
    const receiver = await alarmReceiver(t)
    const served = await serve(
      `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
alarms:
  mail: [postmaster@isp.example]
  webhooks: [{ url: "http://127.0.0.1:${receiver.port}/", secret: a secret of sixteen, privateAddresses: true }]
`,
      undefined,
      {
        under: folder => [
          'unshare',
          '--mount',
          'sh',
          '-c',
          `mkdir ${folder}/data && mount -t tmpfs -o size=40m tmpfs ${folder}/data && exec "$@"`,
          'sh',
        ],
      },
    )
    t.after(served.stop)
    const told = () => receiver.posted.flatMap(one => one.alarms)
    const filler = join(`/proc/${served.pid}/root`, served.folder, 'data', 'filler')
    const fill = (leave: number) => {
      const file = openSync(filler, 'a')
      try {
        const { bsize, bavail } = statfsSync(filler)
        const megabyte = Buffer.alloc(1024 * 1024)
        for (let left = bsize * bavail - leave; left > 0; left -= megabyte.length)
          writeSync(file, megabyte, 0, Math.min(left, megabyte.length))
      } finally {
        closeSync(file)
      }
    }
    fill(1024 * 1024)
    await eventually(() => told().find(one => one.alarm === 'disk'))
    fill(0)
    const full = await eventually(() => {
      fill(0)
      return told().find(one => one.alarm === 'store')
    }, 90)
    assert.match(full.words, /A store does not work/)
  },
)
