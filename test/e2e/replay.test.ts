// A draft of a policy over what happened: from the journal of a real server, with what was looked up then, and nobody asked.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { exim } from '../support/exim.ts'
import { postfix } from '../support/postfix.ts'
import { CLI } from '../support/program.ts'
import { eventually, run, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { strangerSends } from '../support/stranger.ts'
import { localDns, type LocalDns } from '../support/unbound.ts'

let dns: LocalDns
let served: Served

const BASE = `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners:
  - { kind: inbound, port: 0, trustedXclient: [127.0.0.1] }
  - { kind: trusted-network, port: 0, trustedXclient: [127.0.0.1] }
subscribers: [{ id: "7", logins: [{ name: anna@isp.example }] }]
leases: [{ prefix: 203.0.113.7, subscriber: "7" }]
`
const letter = (more = '', text = 'hello') =>
  `From: ann@meadow.example\nSubject: x\n${more}\n${text}\n`

before(async () => {
  dns = await localDns([
    '7.100.51.198.in-addr.arpa. PTR mx.meadow.example.',
    'mx.meadow.example. A 198.51.100.7',
    '66.100.51.198.bl.example. A 127.0.0.4',
    '2.0.0.127.bl.example. A 127.0.0.2',
  ])
  served = await serve(
    `${BASE}holdDelivery: true\nresolvers: ["${dns.server}"]\nstrangers: { lists: [{ zone: bl.example }] }\n`,
  )
  const [inbound = 0, trusted = 0] = served.ports
  assert.match(await strangerSends(inbound, letter()), /^250/)
  assert.match(await strangerSends(inbound, letter(), { address: '198.51.100.66' }), /^250/)
  assert.match(await strangerSends(inbound, letter('', 'see http://%65vil.example/')), /^250/)
  const exe = 'Content-Type: application/x; name="Letter to Ann.pdf.exe"\n'
  assert.match(await strangerSends(inbound, letter(exe)), /^250/)
  assert.match(await strangerSends(inbound, letter(), { to: ['nobody@isp.example'] }), /^550/)
  const own = { address: '203.0.113.7', sender: 'anna@isp.example', to: ['bob@copper.example'] }
  for (let i = 0; i < 4; i++) assert.match(await strangerSends(trusted, letter(), own), /^250/)
  // The journal is whole once it has ended.
  await served.end()
  dns.stop()
})
after(() => served.stop())

async function replay(draft: string, ...more: string[]): Promise<string> {
  const file = join(served.folder, 'draft.yaml')
  writeFileSync(file, `${BASE}${draft}\n`)
  const data = join(served.folder, 'data')
  const done = await run(process.execPath, [
    CLI,
    'replay',
    '--policy',
    file,
    '--data',
    data,
    ...more,
  ])
  assert.equal(done.code, 0, done.output)
  return done.output
}

test('the policy that was in force then changes nothing', async () => {
  const output = await replay('strangers: { lists: [{ zone: bl.example }] }')
  assert.match(output, /Nothing would have been otherwise/)
  assert.match(output, /none was/)
})

test('what a draft would have refused, by rule, with examples; without asking the DNS again', async () => {
  const output = await replay(
    'rules: { dns-lists: enforce, reverse-dns: enforce, encoded-url: enforce, attachment: enforce }\nstrangers: { lists: [{ zone: bl.example }] }\nlimits: { consumer: { messagesPerHour: 2 } }\n',
  )
  for (const [rule, stage, change, count] of [
    ['reverse-dns', 'at rcpt', 'accept -> reject', '1 recipient'],
    ['encoded-url', 'at message', 'accept -> reject', '1 message'],
    ['attachment', 'at message', 'accept -> reject', '1 message'],
    ['limits', 'at message', 'accept -> hold', '2 messages'],
  ] as const)
    assert.match(output, new RegExp(`^${rule}, ${stage}: ${change}, ${count}$`, 'm'), output)
  assert.match(output, /198\.51\.100\.66 \(mx\.meadow\.example\)/)
  assert.doesNotMatch(output, /ann@|nobody@|bob@|Letter to Ann/)
})

test('what was not asked then is not known, and counted; a draft that is looser is told, too', async () => {
  const output = await replay(
    'rules: { dns-lists: enforce, recipient-exists: off }\nstrangers: { lists: [{ zone: other.example }] }\n',
  )
  assert.match(output, /Not known, because it was not looked up then: listed \d/)
  assert.match(output, /^recipient-exists, at rcpt: reject -> accept, 1 recipient$/m)
  const all = await replay('', '--enforce', '--json')
  const { differences, compared } = JSON.parse(all) as {
    differences: { rule: string }[]
    compared: number
  }
  assert.ok(differences.some(one => one.rule === 'reverse-dns'))
  assert.ok(compared >= 16, String(compared))
  assert.match(await replay('', '--since', '1h'), /steps of the last/)
})

test('a bad draft is said to be bad', async () => {
  const file = join(served.folder, 'bad.yaml')
  writeFileSync(file, 'rules: { spf: maybe }\n')
  const done = await run(process.execPath, [CLI, 'replay', '--policy', file])
  assert.equal(done.code, 78)
  assert.match(done.output, /rules\.spf/)
})

test('limits are suggested from what customers did, and can be used as they stand', async () => {
  const file = join(served.folder, 'draft.yaml')
  const data = join(served.folder, 'data')
  writeFileSync(file, BASE)
  const args = ['policy', 'suggest', '--config', file, '--data', data]
  const done = await run(process.execPath, [CLI, ...args])
  assert.match(done.output, /^limits:\n {2}# 1 senders; 0 of them/)
  writeFileSync(file, BASE + done.output)
  assert.equal((await run(process.execPath, [CLI, ...args])).code, 0)
})

for (const start of [postfix, exim]) {
  test(`the log of a real ${start.name} can be tried, too`, async t => {
    const peer = await start({ relayPort: 9 })
    t.after(peer.stop)
    const to = [`inbox@${peer.domain}`]
    const session = await talk(peer.port)
    for (const sender of ['ann@meadow.example', 'joe@never.example'])
      for (const line of [
        'EHLO mx.meadow.example',
        `MAIL FROM:<${sender}>`,
        `RCPT TO:<${to[0]}>`,
        'DATA',
        `Subject: x\r\n\r\nhello ${sender}\r\n.`,
      ])
        assert.match(await session.say(`${line}\r\n`), /^[23]/)
    session.end()
    await eventually(() => (peer.taken().length === 2 ? true : undefined))
    const file = join(served.folder, 'draft.yaml')
    writeFileSync(
      file,
      `domains: [${peer.domain}]\naccess: { entries: [{ match: { sender: ["@never.example"] }, action: reject }] }\n`,
    )
    const args = ['replay', '--policy', file, '--log', peer.log ?? '']
    const done = await eventually(async () => {
      const { output } = await run(process.execPath, [CLI, ...args])
      return output.startsWith('4 steps') ? output : undefined
    })
    assert.match(done, /^access, at rcpt: accept -> reject, 1 recipient$/m)
    assert.match(done, /127\.0\.0\.1 .*<joe@never\.example>/)
  })
}
