// Reports of abuse, through the real program: what comes to abuse-reports@ is stored, never filtered, and traced to the customer; and
// reports from a file.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Complaint } from '../../src/model/complaint.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: trusted-network, port: 0 }, { kind: inbound, port: 0 }]
subscribers:
  - { id: "1", logins: [{ name: anna@isp.example }] }
  - { id: "2", logins: [{ name: bert@isp.example }] }
leases: [{ prefix: 127.0.0.1, subscriber: "1" }, { prefix: 203.0.113.7, subscriber: "2" }]
`
const STRANGER = '127.0.0.9'

async function send(port: number, mail: { from: string; to: string; text: string; at?: string }) {
  const client = await talk(port, mail.at ?? '127.0.0.1')
  await client.say('EHLO pc.example\r\n')
  await client.say(`MAIL FROM:<${mail.from}>\r\n`)
  const rcpt = await client.say(`RCPT TO:<${mail.to}>\r\n`)
  assert.match(rcpt, /^250/)
  await client.say('DATA\r\n')
  const reply = await client.say(`${mail.text}\r\n.\r\n`)
  client.end()
  return reply
}

async function stored({ folder }: Served, mailbox: string): Promise<string[]> {
  const inbox = join(folder, 'data/mailboxes', mailbox, 'new')
  return eventually(() => {
    const names = existsSync(inbox) ? readdirSync(inbox) : []
    return names.length === 0
      ? undefined
      : names.map(name => readFileSync(join(inbox, name), 'latin1'))
  })
}

const complaints = async ({ folder }: Served): Promise<Complaint[]> =>
  (
    JSON.parse((await cordon(folder, 'feedback', 'list', '--json')).output) as {
      rows: Complaint[]
    }
  ).rows

const report = (fields: string, original: string) =>
  `From: <fbl@other.example>
To: <abuse-reports@isp.example>
Subject: FW: Buy
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b

A report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1
User-Agent: x
${fields}
--b
Content-Type: message/rfc822

${original}
--b--`.replaceAll(/\r?\n/g, '\r\n')

test('a report is stored, whatever is in it, and traced to the line that sent the mail', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  const [customers = 0, inbound = 0] = served.ports
  const program = 'Subject: Buy\r\nContent-Type: application/octet-stream; name="a.txt"\r\n\r\nBuy.'
  const mail = {
    from: 'anna@isp.example',
    to: 'bert@isp.example',
    text: `From: anna@isp.example\r\n${program}`,
  }
  assert.match(await send(customers, mail), /^250/)
  const [taken = ''] = await stored(served, 'bert@isp.example')
  const [, queueId = ''] = /by mail\.isp\.example with \w+ id (\S+);/.exec(taken) ?? []
  // The journal is on the disk a second later.
  await eventually(async () => {
    const asked = await fetch(`${served.console}api/v1/events/message:${queueId}`)
    return (await asked.text()).includes('tx-commit') || undefined
  })
  const original = `${taken}\nContent-Type: application/x-msdownload; name="virus.exe"\n`
    .replace('name="a.txt"', 'name="virus.exe"')
    .replaceAll(/^(?:Return-Path|Delivered-To|X-Cordon-Ref):.*\n/gm, '')
  const text = report('Original-Rcpt-To: redacted', original)
  const from = { from: '', to: 'abuse-reports@isp.example', at: STRANGER }
  assert.match(await send(inbound, { ...from, text }), /^250/)
  const [kept = ''] = await stored(served, 'abuse-reports@isp.example')
  assert.match(kept, /virus\.exe/)
  const found = await eventually(async () => {
    const rows = await complaints(served)
    return rows.length === 0 ? undefined : rows
  })
  const { id, at, arrivedAt: _arrived, ...row } = found[0] as Complaint
  assert.deepEqual(row, {
    format: 'arf',
    complaint: 'abuse',
    address: '127.0.0.1',
    tracedBy: 'queue-id',
    message: queueId,
    subscriber: '1',
    noEvidence: 'not-proven',
  })
  assert.ok(id !== queueId && at > 0)
  assert.equal((await complaints(served)).length, found.length, 'each report is listed once')
  const list = (await cordon(served.folder, 'feedback')).output
  assert.match(list, /not proven +arf abuse +line:1 +queue-id/)
})

test('a reporter that hides all but X-Cordon-Ref leads to the message; the setting leaves it out', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  const mail = {
    from: 'anna@isp.example',
    to: 'bert@isp.example',
    text: 'Subject: Buy\r\n\r\nBuy.',
  }
  assert.match(await send(served.ports[0] ?? 0, mail), /^250/)
  const [taken = ''] = await stored(served, 'bert@isp.example')
  const [field = ''] = /^X-Cordon-Ref: v1\.[\w-]{22}\r?$/m.exec(taken) ?? []
  const [, queueId = ''] = /by mail\.isp\.example with \w+ id (\S+);/.exec(taken) ?? []
  await eventually(async () => {
    const asked = await fetch(`${served.console}api/v1/events/message:${queueId}`)
    return (await asked.text()).includes('tx-commit') || undefined
  })
  const file = join(served.folder, 'report.eml')
  const fields = 'Source-IP: 198.51.100.7\nOriginal-Rcpt-To: redacted'
  writeFileSync(file, report(fields, `From: redacted\n${field.trim()}\nMessage-ID: <x@y.example>`))
  const read = await cordon(served.folder, 'feedback', 'import', file)
  assert.deepEqual(read, { code: 0, output: '1 report read: 1 by reference.\n' })
  const [row] = await complaints(served)
  assert.deepEqual([row?.message, row?.subscriber, row?.noEvidence], [queueId, '1', 'not-proven'])

  const without = await serve(`${CONFIG}\nfeedback: { reference: false }\n`)
  t.after(without.stop)
  assert.match(await send(without.ports[0] ?? 0, mail), /^250/)
  assert.doesNotMatch((await stored(without, 'bert@isp.example'))[0] ?? '', /X-Cordon-Ref/)
})

test('reports from a file: by the lease of then, about no customer, unread; twice is once', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  const file = join(served.folder, 'reports.mbox')
  const date = new Date().toUTCString()
  const header = `From fbl@other.example Fri Nov 27 10:00:00 2026\n`
  const ofLine = report(`Source-IP: 203.0.113.7\nArrival-Date: ${date}`, 'Subject: a\n\n>From here')
  const ofNobody = report(`Source-IP: 198.51.100.7\nArrival-Date: ${date}`, 'Subject: a')
  writeFileSync(file, `${header}${ofLine}\n\n${header}${ofNobody}\n\n`)
  const read = await cordon(
    served.folder,
    'feedback',
    'import',
    file,
    '--reporter',
    'fbl.other.example',
  )
  assert.deepEqual(read, {
    code: 0,
    output: '2 reports read: 1 by lease, 1 about no known customer.\n',
  })
  const rows = await complaints(served)
  assert.deepEqual(
    rows
      .toSorted((a, b) => (a.tracedBy < b.tracedBy ? -1 : 1))
      .map(one => [one.tracedBy, one.subscriber, one.address, one.reporter]),
    [
      ['lease', '2', '203.0.113.7', 'other.example'],
      ['unknown', undefined, '198.51.100.7', 'other.example'],
    ],
  )
  assert.equal((await cordon(served.folder, 'feedback', 'import', file)).code, 0)
  assert.equal((await complaints(served)).length, 2)

  const list = join(served.folder, 'accounts.csv')
  writeFileSync(list, 'email\nBert@isp.example\nann@far.example\n')
  assert.deepEqual(await cordon(served.folder, 'feedback', 'import', '--accounts', list), {
    code: 0,
    output: '1 login of yours among 2 accounts (cordon events login:NAME).\n',
  })
  const journal = await eventually(async () => {
    const asked = await fetch(`${served.console}api/v1/events/login:bert@isp.example`)
    const text = await asked.text()
    return text.includes('password/on-list') ? text : undefined
  })
  assert.doesNotMatch(journal, /far\.example/)
  const id = rows[0]?.id ?? ''
  assert.equal((await cordon(served.folder, 'feedback', 'dismiss', id)).code, 0)
  assert.ok((await complaints(served)).find(one => one.id === id)?.dismissedAt)
  assert.match(
    (await cordon(served.folder, 'feedback')).output,
    /no-message, unfounded|-, unfounded/,
  )
  assert.equal((await cordon(served.folder, 'feedback', 'dismiss', 'no-such')).code, 1)

  writeFileSync(file, '{"xarf_version":')
  const damaged = await cordon(served.folder, 'feedback', 'import', file)
  assert.equal(damaged.code, 1)
  assert.match(damaged.output, /0 reports read\. 1 could not be read: damaged\./)
  writeFileSync(file, '')
  assert.equal((await cordon(served.folder, 'feedback', 'import', file)).code, 2)
  assert.equal(
    (await cordon(served.folder, 'feedback', 'import', join(served.folder, 'no'))).code,
    1,
  )
})
