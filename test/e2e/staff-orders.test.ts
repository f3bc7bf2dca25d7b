// What staff order on the command line, and what they are told: a restriction by hand writes to its owner, a purge shows first what it
// would delete, a release says what became of held mail.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

let served: Served

before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
listeners: [{ kind: trusted-network, port: 0 }]
subscribers: [{ id: "1", contacts: [anna@isp.example], language: de }, { id: "2", contacts: [bert@isp.example] }]
leases: [{ prefix: 127.0.0.1/32, subscriber: "1" }]
`)
})
after(() => served.stop())

const staff = (...args: readonly string[]) => cordon(served.folder, ...args)
type QueueRows = {
  rows: { message: string; recipient: string; subject: string; state: string; nats: number }[]
}
const queue = async (...args: readonly string[]) =>
  (JSON.parse((await staff('queue', 'list', '--json', ...args)).output) as QueueRows).rows

const SPAM = 'cheap meds, verify your account: http://198.51.100.9/'

async function send(to: string, body = `hello ${to}`): Promise<void> {
  const session = await talk(served.ports[0] ?? 0)
  for (const line of ['EHLO pc', 'MAIL FROM:<anna@isp.example>', `RCPT TO:<${to}>`, 'DATA'])
    await session.say(`${line}\r\n`)
  assert.match(
    await session.say(`From: anna@isp.example\r\nSubject: to ${to}\r\n\r\n${body}\r\n.\r\n`),
    /^250/,
  )
  session.end()
}

test('a restriction by hand writes to its owner in their language, unless it is told not to', async () => {
  const told = await staff(
    'incident',
    'impose',
    'line:1',
    'isolate',
    '--hours',
    '24',
    '--why',
    'a call',
  )
  assert.match(told.output, /The owner is written to\.$/m)
  assert.match(told.output, /Cordon has no router to tell: only this server's doors enforce it\. /)
  const letter = await eventually(async () =>
    (await queue()).find(row => row.recipient === 'anna@isp.example'),
  )
  assert.match(letter.subject, /^Post von Ihrem Anschluss wird zurückgehalten/)
  const quiet = await staff(
    'incident',
    'impose',
    'line:2',
    'isolate',
    '--why',
    'a call',
    '--no-letter',
  )
  assert.doesNotMatch(quiet.output, /written/)
  assert.equal((await queue()).filter(row => row.recipient === 'bert@isp.example').length, 0)
})

test('a purge of many is shown first, with how much each says for infection', async () => {
  for (const to of ['x@meadow.example', 'y@meadow.example']) await send(to, SPAM)
  const held = await queue('--held')
  assert.deepEqual(
    held.map(row => row.nats > 0),
    [true, true],
  )
  const of = ['queue', 'purge', '--subscriber', '1', '--evidence', '1']
  const looked = await staff(...of, '--dry-run')
  assert.equal(looked.code, 0)
  assert.match(looked.output, /NATS/)
  assert.match(looked.output, /^2 held messages would be deleted\.$/m)
  const asked = await staff(...of)
  assert.equal(asked.code, 2)
  assert.match(asked.output, /2 held messages would be deleted\.[^]*write --yes/)
  assert.equal((await queue('--held')).length, 2)
  const first = held[0]?.message ?? ''
  assert.match((await staff('queue', 'purge', first)).output, /is deleted/)
  assert.match((await staff(...of, '--yes')).output, /^1 held message deleted\.$/m)
  assert.equal((await queue('--held')).length, 0)
})

test('a release says what became of held mail; the list says that the decision is over', async () => {
  await send('z@meadow.example')
  assert.equal((await queue('--held')).length, 1)
  const cases = JSON.parse((await staff('incident', 'list', '--json')).output) as {
    rows: { caseCode: string; subject: string }[]
  }
  const code = cases.rows.find(one => one.subject === 'line:1')?.caseCode ?? ''
  const released = await staff('incident', 'release', code)
  assert.match(released.output, /1 message is still held, .* --send-held or --purge-held/)
  assert.equal((await queue('--held')).length, 1)
  const sent = await staff('incident', 'release', code, '--send-held')
  assert.match(sent.output, /Of the mail that the case held: 1 message is on its way\./)
  assert.equal((await queue('--held')).length, 0)
  assert.match((await staff('incident', 'list', '--all')).output, /isolate, ended/)
  const other = cases.rows.find(one => one.subject === 'line:2')?.caseCode ?? ''
  assert.match(
    (await staff('order', 'release', `incident=${other}`)).output,
    /No mail was held\./,
    'by the code in the letter, as everywhere',
  )
})

test('who ordered what, who had an address, and which orders there are', async () => {
  const lists = async (...args: readonly string[]) =>
    JSON.parse((await staff(...args, '--json')).output) as {
      rows: Record<string, unknown>[]
      truncated: boolean
    }
  const audit = await lists('audit-log', '--order', 'impose', '--since', '1h')
  assert.ok(audit.rows.length > 0 && !audit.truncated)
  assert.ok(audit.rows.every(row => row['order'] === 'impose'))
  const by = String(audit.rows[0]?.['actor'])
  assert.ok((await lists('audit-log', '--by', by)).rows.length > 0)
  assert.match(
    (await staff('audit-log')).output,
    /^TIME +BY +ORDER.*\n20\d\d-[\d-]+T[\d:]+Z  staff /,
  )
  assert.equal((await staff('audit-log', '--since', 'yesterday')).code, 2)
  const slip = await staff('audit-log', '--order', 'banana')
  assert.equal(slip.code, 2)
  assert.match(slip.output, /^cordon: --order: There is no order banana\. There are: /)
  assert.equal((await staff('audit-log', '--order', 'reload')).code, 0)

  const leases = await lists('leases', '127.0.0.1')
  assert.deepEqual(
    leases.rows.map(row => [row['subscriber'], row['prefix'], row['to']]),
    [['1', '127.0.0.1/32', undefined]],
  )
  assert.match((await staff('leases')).output, /Z +now +127\.0\.0\.1\/32 +main +1/)
  assert.match((await staff('leases', '192.0.2.1')).output, /^No known customer had it\./)

  const orders = await lists('order')
  const release = orders.rows.find(row => row['kind'] === 'release')
  assert.deepEqual(release?.['fields'], ['incident', 'held', 'dryRun', 'factor'])
})
