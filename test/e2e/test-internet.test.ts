// A small Internet on loopback: Debian's unbound as its DNS, Postfix's smtp-sink as its mail exchangers, each at an
// address of its own, some of them dead, slow, wrong or refusing. Every outcome is the documented one.

import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { after, before, test } from 'node:test'
import { dnsResolver } from '../../src/drivers/lookups/dns-resolver.ts'
import { type Delivering, delivering } from '../support/delivering.ts'
import { freePort } from '../support/free-port.ts'
import { eventually } from '../support/serve.ts'
import { type Sink, sink } from '../support/smtp-sink.ts'
import { type LocalDns, localDns } from '../support/unbound.ts'
import { nodeResolver } from '../../src/drivers/lookups/node-resolver.ts'

const RECORDS = [
  // Refused connections first, then a server that takes.
  'ordered.example. MX 10 dead.example.',
  'ordered.example. MX 20 good.example.',
  'dead.example. A 127.0.0.2',
  'good.example. A 127.0.0.3',
  'good.example. AAAA ::1',
  'bare.example. A 127.0.0.3',
  'none.example. MX 0 .',
  'gone.example. MX 10 dead.example.',
  'hung.example. MX 10 silent.example.',
  'ours.example. MX 5 mail.isp.example.',
  'ours.example. MX 10 good.example.',
  'mail.isp.example. A 127.0.0.3',
  'slow.example. MX 10 tarpit.example.',
  'tarpit.example. A 127.0.0.4',
  'later.example. MX 10 busy.example.',
  'busy.example. A 127.0.0.5',
  'refused.example. MX 10 rude.example.',
  'rude.example. A 127.0.0.6',
  // Greets with 554, and a second one takes.
  'closed.example. MX 10 shut.example.',
  'closed.example. MX 20 good.example.',
  'shut.example. A 127.0.0.7',
  // Takes nothing from our address.
  'listing.example. MX 10 strict.example.',
  'strict.example. A 127.0.0.9',
  // Offers TLS and breaks the handshake.
  'broken.example. MX 10 badtls.example.',
  'badtls.example. A 127.0.0.8',
]

let dns: LocalDns
let internet: Delivering
let good: Sink
const sinks: Sink[] = []
const servers: Server[] = []

before(async () => {
  const exchangerPort = await freePort()
  dns = await localDns(RECORDS, ['silent.example', 'mute.example'])
  good = await sink('127.0.0.3', exchangerPort)
  sinks.push(
    good,
    await sink('127.0.0.4', exchangerPort, '-w', '30'),
    await sink('127.0.0.5', exchangerPort, '-r', 'mail'),
    await sink('127.0.0.6', exchangerPort, '-f', 'rcpt'),
  )
  servers.push(
    await scripted('127.0.0.7', exchangerPort, () => '554 5.3.2 closed\r\n'),
    await scripted('127.0.0.8', exchangerPort, brokenTls()),
    await scripted('127.0.0.9', exchangerPort, listing),
  )
  internet = await delivering({
    settings: { exchangerPort },
    resolver: dnsResolver(nodeResolver([dns.server]), () => Date.now()),
  })
})

after(async () => {
  await internet.end()
  for (const one of sinks) one.stop()
  for (const one of servers) one.close()
  dns.stop()
})

/** A server that answers each line as told, beginning with its greeting; undefined ends the connection. */
async function scripted(
  host: string,
  port: number,
  answer: (line: string | undefined) => string | undefined,
): Promise<Server> {
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.write(answer(undefined) ?? '')
    socket.on('data', chunk => {
      const said = answer(chunk.toString('latin1'))
      if (said === undefined) socket.destroy()
      else socket.write(said)
    })
  })
  await new Promise<void>(resolve => server.listen(port, host, resolve))
  return server
}

/** Takes mail in clear; after STARTTLS it answers the handshake with garbage. */
function brokenTls() {
  let inData = false
  return (line: string | undefined): string | undefined => {
    if (line === undefined) return '220 badtls.example ESMTP\r\n'
    if (line.charCodeAt(0) === 0x16) return 'not TLS at all'
    if (inData) {
      if (!line.endsWith('\r\n.\r\n')) return ''
      inData = false
      return '250 2.0.0 taken in clear\r\n'
    }
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') return '250-badtls.example\r\n250 STARTTLS\r\n'
    if (verb === 'STAR') return '220 go\r\n'
    inData = verb === 'DATA'
    return inData ? '354 go\r\n' : '250 2.0.0 fine\r\n'
  }
}

/** Has found our address in a list. */
function listing(line: string | undefined): string {
  if (line === undefined) return '220 strict.example ESMTP\r\n'
  return /^(?:EHLO|MAIL|RSET)/i.test(line)
    ? '250 fine\r\n'
    : '554 5.7.1 <a@listing.example>: Client host [127.0.0.1] blocked using zen.spamhaus.org\r\n'
}

const done = (to: string) =>
  eventually(() =>
    internet.events.find(event => event.kind === 'delivery-done' && event.recipient === to),
  )
const failed = (to: string) =>
  eventually(() => {
    const found = internet.events.find(
      event => event.kind === 'delivery-failed' && event.recipient === to,
    )
    return found?.kind === 'delivery-failed' ? found : undefined
  })
const told = (to: string) => eventually(() => internet.told.find(one => one.address === to))
const why = async (to: string) =>
  eventually(
    async () => (await internet.spool.list({})).find(row => row.recipient === to)?.why ?? undefined,
  )

test('exchangers are asked in order, and one that is dead is passed over', async () => {
  await internet.put(['a@ordered.example'])
  const event = await done('a@ordered.example')
  assert.match(event.kind === 'delivery-done' ? event.relay : '', /^good\.example:/)
})

test('a domain without MX is its own exchanger', async () => {
  await internet.put(['a@bare.example'])
  await done('a@bare.example')
})

test('an exchanger that greets with 554 is passed over, too', async () => {
  await internet.put(['a@closed.example'])
  const event = await done('a@closed.example')
  assert.match(event.kind === 'delivery-done' ? event.relay : '', /^good\.example:/)
})

test('an address literal needs no DNS', async () => {
  await internet.put(['a@[127.0.0.3]'])
  await done('a@[127.0.0.3]')
})

test('null MX, a domain that is not there, and one whose server we are ourselves: refused at once', async () => {
  await internet.put(['a@none.example', 'a@missing.example', 'a@ours.example'])
  assert.equal((await told('a@none.example')).status, '5.1.10')
  assert.equal((await told('a@missing.example')).status, '5.1.2')
  assert.equal((await told('a@ours.example')).status, '5.4.6')
})

test('dead hosts and a silent DNS: kept, and the queue says why', async () => {
  await internet.put(['a@gone.example', 'a@hung.example', 'a@mute.example'])
  assert.match(await why('a@gone.example'), /ECONNREFUSED/)
  assert.match(await why('a@hung.example'), /DNS does not answer/)
  assert.match(await why('a@mute.example'), /DNS does not answer/)
  assert.equal(internet.told.filter(one => /gone|hung|mute/.test(one.address)).length, 0)
})

test('one that says later and one that says no', async () => {
  await internet.put(['a@later.example', 'a@refused.example'])
  const later = await failed('a@later.example')
  assert.equal(later.permanent, false)
  const refused = await failed('a@refused.example')
  assert.equal(refused.permanent, true)
  assert.match(refused.words ?? '', /^5\d\d /)
  assert.match((await told('a@refused.example')).answer, /^5\d\d/)
})

test('who refuses our address alarms the operator once, and is nobody’s bounce', async () => {
  await internet.put(['a@listing.example', 'b@listing.example'])
  await internet.put(['c@listing.example'])
  const refused = await failed('a@listing.example')
  assert.equal(refused.permanent, false)
  const words =
    '554 5.7.1 <…@listing.example>: Client host [127.0.0.1] blocked using zen.spamhaus.org'
  assert.equal(refused.words, words, 'the journal names nobody')
  await failed('c@listing.example')
  assert.match(await why('a@listing.example'), /blocked using zen/)
  const alarms = internet.events.filter(event => event.kind === 'alarm-raised')
  assert.deepEqual(
    alarms.map(alarm => alarm.kind === 'alarm-raised' && alarm.words),
    [words],
  )
  assert.equal(internet.told.filter(one => one.address.endsWith('@listing.example')).length, 0)
})

test('a broken handshake is no reason to keep the mail: in clear, where nobody asked for more', async () => {
  await internet.put(['a@broken.example'])
  await done('a@broken.example')
})

test('who asked for TLS all the way gets the mail back instead', async () => {
  await internet.put(['tls@broken.example'], { esmtp: { requireTls: true } })
  assert.equal((await told('tls@broken.example')).status, '5.7.30')
})

test('a tarpit and a storm of 4xx take only their own places', async () => {
  for (let i = 0; i < 60; i++) await internet.put([`a${i}@slow.example`, `a${i}@later.example`])
  const before = good.taken().length
  for (let i = 0; i < 20; i++) await internet.put([`b${i}@bare.example`])
  for (let i = 0; i < 20; i++) await done(`b${i}@bare.example`)
  await eventually(() => (good.taken().length - before >= 20 ? true : undefined))
  const waiting = await internet.spool.list({ limit: 1000 })
  assert.equal(waiting.filter(row => row.recipient.endsWith('@slow.example')).length, 60)
})

test('UTF-8 addresses go only where they are understood', async () => {
  await internet.put(['jürgen@bare.example'], { esmtp: { utf8: true } })
  assert.equal((await told('jürgen@bare.example')).status, '5.6.7')
})

test('one connection serves many messages', async () => {
  await internet.put(['first@ordered.example'])
  await done('first@ordered.example')
  for (let i = 0; i < 10; i++) {
    await internet.put([`c${i}@ordered.example`])
    await done(`c${i}@ordered.example`)
  }
  const hosts = good.taken().filter(mail => /X-Rcpt-Args: <c\d@ordered/.test(mail))
  assert.equal(hosts.length, 10)
})
