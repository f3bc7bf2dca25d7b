// Where the header of a message ends: lines that are no fields in front of it or in it, and headers without end. What lies behind such
// a line is either judged, or no reader of the delivered message sees it; Python's email package is that reader.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { maildir } from '../support/peer.ts'
import { type SecondReader, secondReader } from '../support/second-reader.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

let served: Served
let reader: SecondReader

before(async () => {
  const hash = await hashPassword('a password', { memory: 8, passes: 1 })
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners:
  - { kind: inbound, port: 0 }
  - { kind: submission, port: 0 }
  - { kind: trusted-network, port: 0 }
rules: { attachment: enforce }
subscribers:
  - { id: "1", logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }
leases: [{ prefix: 127.0.0.1/32, subscriber: "1" }]
`)
  reader = secondReader()
})

after(async () => {
  await reader.stop()
  await served.stop()
})

/** The reply to the end of the message. */
async function send(kind: 'inbound' | 'submission' | 'trusted-network', message: string) {
  const port = served.ports[['inbound', 'submission', 'trusted-network'].indexOf(kind)] ?? 0
  const session = await talk(port)
  const say = async (line: string) => {
    const reply = await session.say(`${line}\r\n`)
    assert.match(reply, /^[23]/, line)
  }
  try {
    await say('EHLO mx.meadow.example')
    if (kind === 'submission') {
      await say('STARTTLS')
      await session.secure()
      await say('EHLO home.example')
      await say(`AUTH PLAIN ${Buffer.from('\0anna@isp.example\0a password').toString('base64')}`)
    }
    await say(`MAIL FROM:<${kind === 'submission' ? 'anna@isp.example' : 'ann@meadow.example'}>`)
    await say('RCPT TO:<sink@isp.example>')
    await say('DATA')
    return await session.say(Buffer.from(`${message}.\r\n`, 'latin1'))
  } finally {
    session.end()
  }
}

const delivered = (mark: string) =>
  eventually(() =>
    maildir(join(served.folder, 'data/mailboxes/sink@isp.example')).find(mail =>
      mail.includes(mark),
    ),
  )

const PROGRAM = [
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: application/octet-stream; name="invoice.exe"',
  'Content-Transfer-Encoding: base64',
  '',
  'TVqQ',
  '--b--',
  '',
].join('\r\n')

const MAILBOX = { 'a mailbox line': 'From a@b Thu\r\n', 'a quoted one': '>From a@b\r\n' }
const STRAY = {
  'a line that goes on from nothing': ' x\r\n',
  'a line of junk': 'junk\r\n',
  'a line without a colon further down': 'X-First: 1\r\nno colon\r\n',
  'a mailbox line further down': 'X-First: 1\r\nFrom a@b Thu\r\n',
  'a name with a NUL': 'X\0Y: 1\r\n',
  'a name that is not ASCII': '\xc2\xa0X: 1\r\n',
}
const ENDLESS = {
  'fields without end': 'X-A: 1\r\n'.repeat(1001),
  'a header without end': `X-A: ${'x'.repeat(300 * 1024)}\r\n`,
}

for (const [name, front] of Object.entries({ 'nothing odd': '', ...MAILBOX }))
  test(`a program behind ${name} is seen`, async () => {
    assert.match(await send('inbound', `${front}${PROGRAM}`), /^554 5\.7\.1 \[attachment\]/)
  })

for (const [name, front] of Object.entries(STRAY))
  test(`what stands behind ${name} is body for everybody`, async () => {
    const mark = randomUUID()
    const message = `${front}From: bank@bank.example\r\nX-Mark: ${mark}\r\n${PROGRAM}`
    assert.match(await send('inbound', message), /^250/)
    const mail = await delivered(mark)
    assert.ok(mail.search(/\r?\n\r?\n/) < mail.indexOf('bank.example'), mail)
    const [seen] = await reader.read([Buffer.from(mail, 'latin1')])
    for (const { fields, from, files } of Object.values(seen ?? {})) {
      assert.deepEqual([from, files], [[], []])
      assert.ok(!fields.some(([field]) => field === 'X-Mark'))
    }
    assert.ok(seen)
  })

for (const [name, front] of Object.entries(ENDLESS))
  test(`${name} is refused`, async () => {
    for (const kind of ['inbound', 'submission', 'trusted-network'] as const)
      assert.match(
        await send(kind, `${front}${PROGRAM}`),
        /^552 5\.3\.4 \[header\] .*it has more than (?:1000 fields|256 KiB): \d+ fields/,
      )
  })

const letter = (subject: string) => `Subject: ${subject}\r\n\r\nhello\r\n`
const LETTER = letter('your account')
for (const [name, front] of Object.entries({ ...MAILBOX, ...STRAY, ...ENDLESS }))
  test(`nobody writes as somebody else behind ${name}`, async () => {
    const mark = randomUUID()
    const forged = `${front}From: The Bank <bank@bank.example>\r\n${letter(mark)}`
    assert.match(await send('submission', forged), /^5\d\d 5\.\S+ \[(?:sender|from|header)\]/)
    // And not with an own From behind which readers find another.
    const two = `From: anna@isp.example\r\n${forged}`
    const reply = await send('submission', two)
    if (!reply.startsWith('250')) return assert.match(reply, /^5\d\d 5\.\S+ \[(?:from|header)\]/)
    const [seen] = await reader.read([Buffer.from(await delivered(mark), 'latin1')])
    for (const { from } of Object.values(seen ?? {})) assert.deepEqual(from, ['anna@isp.example'])
  })

test('with a login a message says clearly whom it is from; of a printer without one that is not asked', async () => {
  for (const from of [
    'From: anna@isp.example\r\nFrom: anna@isp.example\r\n',
    'From: <anna@isp.example><bank@bank.example>\r\n',
    'From: anna@isp.example bank@bank.example\r\n',
    'From: The Bank\r\n',
    'From: root\r\n',
    'From: Scanner 2nd floor\r\n',
    'From: Ek, boss@bank.example: Sales <anna@isp.example>\r\n',
  ]) {
    const message = `${from}${LETTER}`
    const reply = await send('submission', message)
    assert.match(
      reply,
      /^550 5\.7\.1 \[from\] Message content rejected: its From field does not name one clear author \(.*From.*; id \w+\)/,
    )
    // What was wrong is found afterwards, too.
    const [, wrong = '-', id = '-'] = /\((.*); id (\w+)\)/.exec(reply) ?? []
    const told = await cordon(served.folder, 'refusal', id)
    assert.ok(told.output.includes(`found      ${wrong}`), told.output)
    assert.match(await send('trusted-network', message), /^250/, from)
  }
  // No program reads an author in a name without a domain.
  for (const name of ['Ek, Anna: Sales', '=?UTF-8?Q?Anna_=40_B=C3=BCro?='])
    assert.match(await send('submission', `From: ${name} <anna@isp.example>\r\n${LETTER}`), /^250/)
  const own = `From : Anna Ek <Anna@isp.example>\r\n${LETTER}`
  for (const kind of ['submission', 'trusted-network', 'inbound'] as const)
    assert.match(await send(kind, own), /^250/)
  // From outside all of it comes in.
  assert.match(await send('inbound', LETTER), /^250/)
})

test('a submission without From gets the envelope sender, where it is the login’s; nor is a header needed, nor its end', async () => {
  const mark = randomUUID()
  assert.match(await send('submission', letter(mark)), /^250/)
  const mail = await delivered(mark)
  const [seen] = await reader.read([Buffer.from(mail, 'latin1')])
  for (const { from } of Object.values(seen ?? {})) assert.deepEqual(from, ['anna@isp.example'])
  assert.ok(seen)
  for (const body of ['just a body', 'backup: done', 'Disk of host 1\r\nused: 40 %']) {
    const said = `${body} ${randomUUID()}`
    assert.match(await send('submission', `${said}\r\n`), /^250/, body)
    if (body === 'backup: done') continue
    const wanted = said.replaceAll('\r', '')
    const kept = await delivered(wanted)
    assert.match(kept, /^From: <anna@isp\.example>\r?$/m)
    assert.match(kept, /^Date: .*\r?$/m)
    assert.match(kept, /^Message-ID: .*\r?$/im)
    assert.ok(kept.indexOf('\n\n') < kept.indexOf(wanted))
  }
  // What scripts write who forget the empty line: what came before is the header.
  for (const front of ['Subject: disk full', 'Backup: done', '12:30 backup ok']) {
    const said = `second line ${randomUUID()}`
    assert.match(await send('submission', `${front}\r\n${said}\r\n`), /^250/, front)
    const kept = await delivered(said)
    assert.match(kept, /^From: <anna@isp\.example>\r?$/m)
    assert.ok(kept.search(/\n\r?\n/) < kept.indexOf(said), kept)
  }
  const reply = await send(
    'submission',
    'Subject: x\r\njunk 7%\r\nTo: bert@isp.example\r\n\r\nhi\r\n',
  )
  assert.match(reply, /^550 5\.7\.1 \[from\] .*\(take line 2 out of the header.*: junk 7%;/)
  for (const message of [
    `From:\r\n${LETTER}`,
    `no field\r\n${LETTER}`,
    'no field\r\nFrom: bank@bank.example\r\n\r\nhi\r\n',
  ])
    assert.match(await send('submission', message), /^550 5\.7\.1 \[from\]/, message)
  assert.match(await send('inbound', LETTER), /^250/)
})

test('a loop is seen behind a mailbox line', async () => {
  const loop = `From a@b Thu\r\n${'Received: from x by y\r\n'.repeat(101)}${LETTER}`
  assert.match(await send('inbound', loop), /^554 5\.4\.6 \[loop\]/)
})
