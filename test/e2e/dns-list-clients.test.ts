// The list as mail servers use it: Debian's Postfix (reject_rbl_client), and Debian's unbound between, which asks label by label and keeps
// what it was told. An address that changes hands while it is listed: how long its next customer's mail is refused.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type AskedServer, dig, strictResolver } from '../support/dns-list.ts'
import { type Postfix, postfix } from '../support/postfix.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

/** Of its own, because a resolver in resolv.conf has no port. */
const ADDRESS = '127.0.53.22'
const ZONE = 'dnsbl.isp.example'
/** Seconds. */
const TTL = 5
const folder = mkdtempSync(join(tmpdir(), 'cordon-list-clients-'))
let served: Served
let resolver: AskedServer
let mx: Postfix

before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
leaseSkew: 0s
policyService: { port: 0 }
http: { console: { port: 0 }, portal: { port: 0 }, refusalPages: "https://help.isp.example/" }
list: { zone: ${ZONE}, address: ${ADDRESS}, port: 53, ttl: ${TTL} }
subscribers: [{ id: "1" }, { id: "2" }]
leases: [{ prefix: 192.0.2.7/32, subscriber: "1" }, { prefix: "2001:db8:17::/56", subscriber: "1" }]
`)
  resolver = await strictResolver(ZONE, `${ADDRESS}@53`)
  writeFileSync(
    join(folder, 'resolv.conf'),
    `nameserver ${ADDRESS}\noptions timeout:1 attempts:1\n`,
  )
  const bind = `mount --bind ${join(folder, 'resolv.conf')} /etc/resolv.conf && exec "$0" "$@"`
  // A process of Postfix remembers what it was told as long as it lives: here each has one client.
  mx = await postfix({
    relayPort: 9,
    under: ['unshare', '--mount', 'sh', '-c', bind],
    more: `smtpd_authorized_xclient_hosts = 127.0.0.0/8
mynetworks = 127.0.0.9/32
smtpd_recipient_restrictions = reject_rbl_client infected.${ZONE}, permit_auth_destination, reject
inet_protocols = all
max_use = 1`,
  })
})
after(async () => {
  mx.stop()
  resolver.stop()
  await served.stop()
  rmSync(folder, { recursive: true, force: true })
})

const staff = (...args: readonly string[]) => cordon(served.folder, ...args)

/** What Postfix says to a recipient from that address. */
async function refused(address: string): Promise<string> {
  const session = await talk(mx.port)
  for (const line of [
    `XCLIENT ADDR=${address} NAME=[UNAVAILABLE]`,
    'EHLO pc',
    'MAIL FROM:<a@b.example>',
  ])
    await session.say(`${line}\r\n`)
  const said = await session.say('RCPT TO:<inbox@postfix.example>\r\n')
  session.end()
  return said
}

test('Postfix takes mail of a line, refuses it while the line is isolated, and names the page', async () => {
  assert.match(await refused('192.0.2.7'), /^250 /)
  await staff('incident', 'impose', 'line:1', 'isolate', '--why', 'a call')
  const said = await eventually(async () => {
    const reply = await refused('192.0.2.7')
    return reply.startsWith('554') ? reply : undefined
  })
  assert.match(
    said,
    /^554 5\.7\.1 .*blocked using infected\.dnsbl\.isp\.example; https:\/\/help\.isp\.example\/why\/[0-9a-f]{16}/,
  )
  assert.match(await refused('IPV6:2001:db8:17:1::9'), /^554 5\.7\.1 /)
  assert.match(await refused('192.0.2.8'), /^250 /)
  assert.match(await refused('IPV6:2001:db8:18::9'), /^250 /)
})

test('a resolver with strict QNAME minimisation finds entries of both families, and their absence', async () => {
  assert.equal(await dig(resolver.port, `2.0.0.127.infected.${ZONE}`), '127.0.0.2')
  assert.equal(await dig(resolver.port, `7.2.0.192.infected.${ZONE}`), '127.0.0.4')
  const nibbles = '20010db8001700ff0000000000000001'.split('').toReversed().join('.')
  assert.equal(await dig(resolver.port, `${nibbles}.infected.${ZONE}`), '127.0.0.4')
  assert.equal(await dig(resolver.port, `8.2.0.192.infected.${ZONE}`), '')
  assert.equal(await dig(resolver.port, `test.domains.${ZONE}`), '127.0.0.16')
})

test('mail of the next customer of a listed address is taken at once by who asks us, and after the time of the answer elsewhere', async t => {
  const name = `7.2.0.192.infected.${ZONE}`
  assert.equal(await dig(resolver.port, name), '127.0.0.4')
  const file = join(folder, 'leases.csv')
  writeFileSync(file, 'prefix,subscriber\n192.0.2.7/32,2\n')
  assert.equal((await staff('lease', 'import', file)).code, 0)
  const moved = performance.now()
  assert.match(await refused('192.0.2.7'), /^250 /)
  const direct = performance.now()
  await eventually(
    async () => ((await dig(resolver.port, name)) === '' ? true : undefined),
    3 * TTL,
  )
  const cached = performance.now()
  const seconds = (from: number) => ((from - moved) / 1000).toFixed(1)
  t.diagnostic(
    `gone after ${seconds(direct)} s at the list, after ${seconds(cached)} s at a resolver that kept it (ttl ${TTL} s)`,
  )
})
