// What is asked of servers we do not know, with a real DNS at the other end: names of addresses, greetings, and lists.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { CLI } from '../support/program.ts'
import { run, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { localDns } from '../support/unbound.ts'

const RECORDS = [
  '7.100.51.198.in-addr.arpa. PTR mx.meadow.example.',
  'mx.meadow.example. A 198.51.100.7',
  '8.100.51.198.in-addr.arpa. PTR liar.example.',
  'liar.example. A 203.0.113.1',
  '66.100.51.198.in-addr.arpa. PTR bot.example.',
  'bot.example. A 198.51.100.66',
  '2.0.0.127.bl.example. A 127.0.0.2',
  'meadow.example. TXT "v=spf1 ip4:198.51.100.0/25 -all"',
  'loop.example. TXT "v=spf1 include:loop.example -all"',
  'soft.example. TXT "v=spf1 ~all"',
  '66.100.51.198.bl.example. A 127.0.0.4',
  '7.100.51.198.all.example. A 127.0.0.2',
  '1.0.0.127.all.example. A 127.0.0.2',
]

const config = (server: string, more: string) => `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
resolvers: ["${server}"]
listeners: [{ kind: inbound, port: 0, trustedXclient: [127.0.0.1] }]
${more}
`

/** The reply to RCPT, as if it came from there. */
async function rcpt(
  served: Served,
  address: string,
  said: { helo?: string; sender?: string; to?: string } = {},
): Promise<string> {
  const session = await talk(served.ports[0] ?? 0)
  const { helo = 'mx.meadow.example', sender = 'a@meadow.example', to = 'sink@isp.example' } = said
  await session.say('EHLO front.isp.example\r\n')
  await session.say(`XCLIENT ADDR=${address}\r\n`)
  await session.say(`EHLO ${helo}\r\n`)
  await session.say(`MAIL FROM:<${sender}>\r\n`)
  const reply = await session.say(`RCPT TO:<${to}>\r\n`)
  session.end()
  return reply
}

test('reverse DNS, greetings and lists, enforced', async t => {
  const dns = await localDns(RECORDS, ['113.0.203.in-addr.arpa', 'silent.example'])
  t.after(dns.stop)
  const served = await serve(
    config(
      dns.server,
      `
rules: { reverse-dns: enforce, helo-unresolved: enforce, helo-foreign: enforce, helo-changing: enforce, dns-lists: enforce }
strangers: { heloNames: 4, lists: [{ zone: bl.example }, { zone: all.example }, { zone: silent.example }] }
access:
  groups: { partners: { address: [198.51.100.200/29] } }
  entries:
    - { match: { group: [partners] }, action: accept }
    - { match: { sender: ["@never.example"] }, action: reject }
`,
    ),
  )
  t.after(served.stop)
  assert.match(await rcpt(served, '198.51.100.7'), /^250/)
  assert.match(await rcpt(served, '198.51.100.8'), /^550 5\.7\.25 \[ptr\]/, 'leads elsewhere')
  assert.match(await rcpt(served, '198.51.100.10'), /^550 5\.7\.25 \[ptr\]/, 'no name')
  assert.match(await rcpt(served, '203.0.113.9'), /^451 4\.3\.0 \[try-later\]/, 'not known now')
  assert.match(await rcpt(served, '198.51.100.66'), /^554 5\.7\.1 \[listed\]/)
  const strange = { helo: 'nowhere.meadow.example' }
  assert.match(await rcpt(served, '198.51.100.7', strange), /^550 5\.7\.1 \[helo\]/)
  assert.match(
    await rcpt(served, '198.51.100.7', { helo: '[198.51.100.8]' }),
    /^550 5\.7\.1 \[helo\]/,
  )
  assert.match(await rcpt(served, '198.51.100.7', { helo: '[198.51.100.7]' }), /^250/)
  assert.match(
    await rcpt(served, '198.51.100.7', { helo: 'bot.example' }),
    /\[helo\].*different names/,
  )
  // A refusal of a stranger says nothing of who is here.
  assert.match(await rcpt(served, '198.51.100.66', { to: 'nobody@isp.example' }), /\[listed\]/)
  assert.match(await rcpt(served, '198.51.100.201', { helo: 'x.example' }), /^250/, 'a partner')
  assert.match(await rcpt(served, '198.51.100.201', { to: 'nobody@isp.example' }), /^550 5\.1\.1/)
  assert.match(await rcpt(served, '198.51.100.201', { to: 'a@b.example' }), /^550.*\[relay\]/)
  const never = { sender: 'x@never.example' }
  assert.match(await rcpt(served, '10.0.0.1', never), /^550 5\.7\.1 \[access\]/)
})

test('as shipped nothing of it refuses, and what would have is counted', async t => {
  const dns = await localDns(RECORDS)
  t.after(dns.stop)
  const served = await serve(
    config(
      dns.server,
      'strangers: { lists: [{ zone: bl.example, codes: [127.0.0.4-127.0.0.7] }] }',
    ),
  )
  t.after(served.stop)
  assert.match(await rcpt(served, '198.51.100.66', { helo: 'x.example' }), /^250/)
  assert.match(await rcpt(served, '198.51.100.10'), /^250/)
  const text = await (await fetch(`${served.console}metrics`)).text()
  for (const [rule, reason] of [
    ['dns-lists', 'listed'],
    ['reverse-dns', 'no-reverse-dns'],
    ['helo-unresolved', 'helo-unresolved'],
  ])
    assert.match(
      text,
      new RegExp(`verdict="reject",reason="${reason}",rule="${rule}",observed="yes"} 1`),
    )
})

test('SPF: a fail refuses where it is enforced; softfail, nonsense, loops and silence do not', async t => {
  const dns = await localDns(RECORDS, ['silent.example'])
  t.after(dns.stop)
  const served = await serve(config(dns.server, 'rules: { spf: enforce }'))
  t.after(served.stop)
  const as = (sender: string, address = '198.51.100.200') => rcpt(served, address, { sender })
  assert.match(await as('a@meadow.example', '198.51.100.7'), /^250/)
  assert.match(await as('a@meadow.example'), /^550 5\.7\.23 \[spf\]/)
  for (const sender of [
    'a@soft.example',
    'a@loop.example',
    'a@nothing.example',
    'a@silent.example',
    '',
  ])
    assert.match(await as(sender), /^250/, sender)
  assert.match(await as('a@meadow.example', '10.0.0.1'), /^250/, 'a machine of our own')
})

test('greylisting, turned on, defers an unknown client and accepts our own machines', async t => {
  const dns = await localDns(RECORDS)
  t.after(dns.stop)
  const served = await serve(
    config(dns.server, 'rules: { greylist: enforce }\nstrangers: { greylist: { delay: 1s } }'),
  )
  t.after(served.stop)
  assert.match(await rcpt(served, '198.51.100.7'), /^450 4\.7\.1 \[greylist\]/)
  assert.match(await rcpt(served, '10.0.0.1'), /^250/)
  await new Promise(resolve => setTimeout(resolve, 1100))
  assert.match(await rcpt(served, '198.51.100.9'), /^250/, 'the same network came back')
})

test('cordon policy check says what each rule would say, and counts nothing', async t => {
  const dns = await localDns(RECORDS)
  t.after(dns.stop)
  const served = await serve(
    config(
      dns.server,
      `rules: { reverse-dns: enforce, greylist: enforce }
access: { entries: [{ match: { sender: ["@partner.example"] }, action: accept }] }`,
    ),
  )
  t.after(served.stop)
  const check = async (from: string, ip: string) => {
    const words = `policy check --from ${from} --to sink@isp.example --ip ${ip} --helo mx.meadow.example --data`
    const { code, output } = await run(process.execPath, [
      CLI,
      ...words.split(' '),
      join(served.folder, 'data'),
    ])
    assert.equal(code, 0, output)
    return output
  }
  const stranger = await check('a@meadow.example', '198.51.100.8')
  assert.match(stranger, /reverse-dns +enforce +550 5\.7\.25 \[ptr\]/)
  assert.match(stranger, /reverse-name: \{"names":\["liar\.example"\],"confirmed":\[\]\}/)
  assert.match(stranger, /greylist +enforce +450 4\.7\.1 \[greylist\]/)
  assert.match(stranger, /Altogether: reject by reverse-dns at rcpt/)
  const partner = await check('a@partner.example', '198.51.100.8')
  assert.match(partner, /access +enforce +accepted: later rules are skipped/)
  assert.match(partner, /reverse-dns +enforce +not evaluated/)
  assert.match(partner, /Altogether: accepted/)
  const gateway = await check('a@meadow.example', '10.0.0.8')
  for (const rule of ['reverse-dns', 'greylist', 'spf'])
    assert.match(gateway, new RegExp(`${rule} +\\w+ +not evaluated for private addresses`))
  assert.match(gateway, /protocol-violation +\w+ +nothing against it/)
  // Nothing was counted: the first real attempt is a first attempt.
  assert.match(await check('b@meadow.example', '198.51.100.7'), /Altogether: defer by greylist/)
  assert.match(await check('b@meadow.example', '198.51.100.7'), /Altogether: defer by greylist/)
})
