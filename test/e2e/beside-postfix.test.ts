// Dialogues of envelopes, parameters, orders, literals and sizes, played with Cordon and with Debian's Postfix. Where they are answered
// otherwise there is a reason, and docs/standards.md says all of it: CORDON_WRITE_TABLE=1 writes it there.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CASES } from '../dialogs/beside-postfix/cases.ts'
import { DIFFERENCES } from '../dialogs/beside-postfix/differences.ts'
import { playCase } from '../dialogs/beside-postfix/play.ts'
import { isAlike, type Played, tableOf } from '../dialogs/beside-postfix/table.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { type Served, serve } from '../support/serve.ts'

const PAGE = join(import.meta.dirname, '../../docs/standards.md')
const [BEGIN, END] = ['<!-- beside Postfix -->\n', '\n<!-- end -->']

let theirs: Postfix
let ours: Served
const played: Played[] = []

before(
  async () => {
    theirs = await postfix({
      relayPort: 9,
      more: `
mynetworks = 127.0.0.1/32
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
virtual_mailbox_maps = inline:{ {anna@postfix.example = inbox/} {postmaster@postfix.example = inbox/} }
recipient_delimiter = +
smtpd_error_sleep_time = 0
smtpd_recipient_limit = 5
message_size_limit = 1000000
`,
    })
    ours = await serve(`
hostname: mx.postfix.example
domains: [postfix.example]
mailboxes: [anna@postfix.example]
maxRecipients: 5
maxMessageSize: 1000000
resolvers: ['127.0.0.1:1']
holdDelivery: true
listeners:
  - { kind: inbound, port: 0 }
  - { kind: trusted-network, port: 0 }
subscribers: [{ id: "1" }]
leases: [{ prefix: 127.0.0.1/32, subscriber: "1" }]
`)
    const [inbound = 0, trusted = 0] = ours.ports
    for (const one of CASES)
      played.push({
        name: one.name,
        theirs: await playCase(one, theirs.port),
        ours: await playCase(one, one.from === 'outside' ? inbound : trusted),
      })
  },
  { timeout: 180_000 },
)

after(async () => {
  await ours?.stop()
  await theirs?.stop()
})

test('there are many, and each has a name of its own', () => {
  assert.ok(CASES.length >= 80)
  assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length)
})

test('each is answered as Postfix does, or there is a reason', () => {
  const otherwise = played.filter(one => !isAlike(one))
  const unexplained = otherwise.filter(({ name }) => DIFFERENCES[name] === undefined)
  assert.deepEqual(unexplained, [])
  const names = new Set(otherwise.map(({ name }) => name))
  assert.deepEqual(
    Object.keys(DIFFERENCES).filter(name => !names.has(name)),
    [],
    'these are answered alike',
  )
})

test('the page about standards says so', () => {
  const page = readFileSync(PAGE, 'utf8')
  const from = page.indexOf(BEGIN) + BEGIN.length
  const to = page.indexOf(END)
  assert.ok(from >= BEGIN.length && to > from, 'the page has no place for it')
  const table = tableOf(played)
  if (process.env['CORDON_WRITE_TABLE'] === '1')
    writeFileSync(PAGE, page.slice(0, from) + table + page.slice(to))
  else assert.equal(page.slice(from, to), table)
})
