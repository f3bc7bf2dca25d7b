// `cordon who-spams` on logs that Sendmail and OpenSMTPD wrote through a real rsyslog: what strangers say forges nothing.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readLogs } from '../../src/app/who-spams/read-logs.ts'
import { forgesNothing } from '../support/forged-log.ts'
import { freePort } from '../support/free-port.ts'
import { opensmtpd } from '../support/opensmtpd.ts'
import { sendmail } from '../support/sendmail.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'
import { type Syslog, syslog } from '../support/syslog.ts'

let next: Sink
let relayPort: number

before(async () => {
  relayPort = await freePort()
  next = await sink('127.0.0.1', relayPort)
})
after(() => next.stop())

/** Both of the files of rsyslog say the same. */
async function saysTheSame({ log, older }: Syslog): Promise<void> {
  const now = Date.now()
  const [one, other] = await Promise.all(
    [log, older].map(file => readLogs([file], { now, since: 0 })),
  )
  const summed = (read: typeof one) =>
    read?.senders.all().map(({ who, messages, recipients }) => [who, messages, recipients])
  assert.deepEqual(summed(other), summed(one))
}

test('Sendmail: a stranger forges no login, recipient or answer', async t => {
  const place = await syslog()
  t.after(place.stop)
  const peer = await sendmail({ relayPort, under: place.under })
  t.after(peer.stop)
  await forgesNothing(t, { name: 'Sendmail', port: peer.port, log: place.log }, next)
  await saysTheSame(place)
})

test('OpenSMTPD: a stranger forges no login, recipient or answer', async t => {
  const place = await syslog()
  t.after(place.stop)
  const peer = await opensmtpd({ relayPort, under: place.under })
  t.after(peer.stop)
  await forgesNothing(t, { ...peer, log: place.log }, next)
  await saysTheSame(place)
})
