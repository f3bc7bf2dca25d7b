// Access lists with everything that must be looked up: names, countries and networks, from files that MaxMind's own software
// wrote; and what is held, thrown away and handed to somebody else.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { maildir } from '../support/peer.ts'
import { cordon, eventually, run, serve } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'
import { localDns } from '../support/unbound.ts'

const WRITER = join(import.meta.dirname, '../support/mmdb.pl')

test('by name, country and network; held, thrown away, redirected, accepted', async t => {
  const dns = await localDns([
    '9.100.51.198.in-addr.arpa. PTR mx.big.example.',
    'mx.big.example. A 198.51.100.9',
    '8.100.51.198.in-addr.arpa. PTR mx.big.example.',
  ])
  t.after(dns.stop)
  const served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example, desk@isp.example]
resolvers: ["${dns.server}"]
listeners: [{ kind: inbound, port: 0, trustedXclient: [127.0.0.1] }]
rules: { encoded-url: enforce }
geo: { country: places.mmdb, asn: networks.mmdb }
access:
  entries:
    - { match: { name: [.big.example] }, action: reject }
    - { match: { country: [xy], not: { asn: [64501] } }, action: defer }
    - { match: { sender: [partner@meadow.example] }, action: accept }
    - { match: { sender: [held@meadow.example] }, action: hold, for: 1h }
    - { match: { sender: [gone@meadow.example] }, action: discard }
    - { match: { sender: [desk@meadow.example] }, action: redirect, to: desk@isp.example }
`.replaceAll(/(\w+\.mmdb)/g, 'FOLDER/$1'),
    async folder => {
      for (const args of [
        ['places.mmdb', 'country', '203.0.113.0/24', 'XY', '2001:db8:1::/48', 'XY'],
        ['networks.mmdb', 'asn', '203.0.113.128/25', '64501'],
      ] as const) {
        const [name, ...rest] = args
        const made = await run('perl', [WRITER, join(folder, name), ...rest])
        assert.equal(made.code, 0, made.output)
      }
    },
  )
  t.after(served.stop)
  const port = served.ports[0] ?? 0
  const link = 'see http://%65vil.example/'
  const send = (
    subject: string,
    from: { address?: string; sender?: string } = {},
    text = 'hello',
  ) => strangerSends(port, `From: a@meadow.example\nSubject: ${subject}\n\n${text}\n`, from)
  const box = (name: string) => maildir(join(served.folder, 'data/mailboxes', name))
  const arrived = (name: string, subject: string) =>
    eventually(() => box(name).find(mail => mail.includes(`Subject: ${subject}`)))

  assert.match(await send('x', { address: '198.51.100.9' }), /^550 5\.7\.1 \[access\]/)
  assert.match(await send('liar', { address: '198.51.100.8' }), /^250/, 'does not lead back')
  assert.match(await send('x', { address: '203.0.113.7' }), /^450 4\.7\.1 \[access\]/)
  assert.match(await send('x', { address: 'IPv6:2001:db8:1::7' }), /^450 4\.7\.1 \[access\]/)
  assert.match(await send('network', { address: '203.0.113.200' }), /^250/)
  assert.match(await send('x', {}, link), /^554 5\.7\.1 \[link\]/)
  assert.match(await send('partner', { sender: 'partner@meadow.example' }, link), /^250/)
  assert.match(await send('held', { sender: 'held@meadow.example' }), /^250/)
  assert.match(await send('gone', { sender: 'gone@meadow.example' }), /^250/)
  assert.match(await send('desk', { sender: 'desk@meadow.example' }), /^250/)
  await arrived('desk@isp.example', 'desk')
  for (const subject of ['liar', 'network', 'partner']) await arrived('sink@isp.example', subject)
  const queue = (await cordon(served.folder, 'queue', 'list')).output
  assert.match(queue, /held.*kept-for-postmaster/s)
  assert.ok(!/gone@|desk@/.test(queue), queue)
  assert.ok(!box('sink@isp.example').some(mail => /Subject: (?:gone|desk|held)/.test(mail)))
  assert.ok(existsSync(join(served.folder, 'data')))
})
