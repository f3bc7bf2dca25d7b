// Dovecot's quota-status is asked whether a mailbox is full before mail from outside is taken, and after everything else.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { after, before, type TestContext, test } from 'node:test'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { eventually, run, serve } from '../support/serve.ts'
import { type LocalDns, localDns } from '../support/unbound.ts'

let store: Dovecot
let dns: LocalDns
before(async () => {
  store = await dovecot({ storage: '1M' })
  dns = await localDns([])
})
after(async () => {
  dns.stop()
  await store.stop()
})

const config = (quotaPort: number, more = '') => `
hostname: mail.isp.example
domains: [isp.example]
resolvers: ["${dns.server}"]
mailboxStore: { host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }
quotaStatus: { port: ${quotaPort}, timeout: 500ms }
forwards: { away@isp.example: [bert@isp.example] }
listeners: [{ kind: inbound, port: 0, trustedXclient: [127.0.0.1] }]
${more}
subscribers:
  - id: "1"
    logins:
      - { name: anna@isp.example, addresses: [anna.ek@isp.example] }
      - { name: bert@isp.example }
`

/** What RCPT answers to each of these, for a message of so many bytes; `send` sends it to those that were taken. */
async function rcpt(
  port: number,
  to: readonly string[],
  { bytes = 1000, send = false } = {},
): Promise<readonly string[]> {
  const sent = await run('python3', [
    '-c',
    `
import smtplib, sys
s = smtplib.SMTP('127.0.0.1', ${port})
s.ehlo('front.isp.example')
s.docmd('XCLIENT ADDR=198.51.100.7')
s.ehlo('mx.meadow.example')
s.mail('friend@meadow.example', ['SIZE=${bytes}'])
taken = 0
for to in sys.argv[1:]:
    code, words = s.rcpt(to)
    taken += code == 250
    print(code, words.decode())
if taken and ${send ? 1 : 0}:
    print(s.data('Subject: large\\r\\n\\r\\n' + ('x' * 76 + '\\r\\n') * (${bytes} // 78))[0])
s.quit()`,
    ...to,
  ])
  assert.equal(sent.code, 0, sent.output)
  return sent.output.trim().split('\n')
}

/** A policy service that does as it is told; `from` has its clients. */
async function service(t: TestContext, answer: (socket: Socket, request: string) => void) {
  const seen: string[] = []
  const from = new Set<Socket>()
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    socket.on('data', chunk => {
      from.add(socket)
      seen.push(String(chunk))
      answer(socket, String(chunk))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const address = server.address()
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, seen, from }
}

test('a full mailbox takes nothing more from outside; the others go on', async t => {
  const served = await serve(config(store.quotaPort))
  t.after(served.stop)
  const [port = 0] = served.ports
  const both = ['anna.ek@isp.example', 'bert@isp.example']
  assert.deepEqual(
    (await rcpt(port, both)).map(line => line.slice(0, 3)),
    ['250', '250'],
  )
  assert.equal(
    (await rcpt(port, ['anna@isp.example'], { bytes: 900_000, send: true })).at(-1),
    '250',
  )
  await eventually(() => store.read('anna@isp.example', 1))
  const answers = await eventually(async () => {
    const now = await rcpt(port, both, { bytes: 300_000 })
    return now[0]?.startsWith('552') ? now : undefined
  })
  assert.match(answers[0] ?? '', /^552 5\.2\.2 \[full\] Mailbox full/)
  assert.match(answers[1] ?? '', /^250/)
  // Dovecot lets a last one be a little over (quota_grace). There is room for a small one.
  assert.match((await rcpt(port, ['anna@isp.example']))[0] ?? '', /^250/)
})

test('who is refused for anything else learns nothing of it, and the service is not asked', async t => {
  const { port: quotaPort, seen } = await service(t, socket => socket.write('action=552 full\n\n'))
  const served = await serve(config(quotaPort, 'rules: { helo-unresolved: enforce }'))
  t.after(served.stop)
  const [answer = ''] = await rcpt(served.ports[0] ?? 0, ['anna@isp.example'])
  assert.match(answer, /^550 5\.7\.1 \[helo\]/)
  assert.deepEqual(seen, [])
})

test('what is nobody’s or goes elsewhere is not asked; 4xx is passed on; one connection serves many', async t => {
  const {
    port: quotaPort,
    seen,
    from,
  } = await service(t, (socket, request) => {
    const full = request.includes('recipient=anna@isp.example\n')
    socket.write(full ? 'action=452 4.2.2 later\n\n' : 'action=dunno\n\n')
  })
  const served = await serve(config(quotaPort))
  t.after(served.stop)
  const to = ['nobody', 'away', 'anna', 'bert', 'anna.ek'].map(name => `${name}@isp.example`)
  const answers = await rcpt(served.ports[0] ?? 0, to)
  assert.deepEqual(
    answers.map(line => line.slice(0, 9)),
    ['550 5.1.1', '250 2.1.5', '452 4.2.2', '250 2.1.5', '452 4.2.2'],
  )
  // By the name the store knows it under.
  assert.deepEqual(
    seen.map(one => /^recipient=(.*)$/m.exec(one)?.[1]),
    ['anna@isp.example', 'bert@isp.example', 'anna@isp.example'],
  )
  assert.equal(from.size, 1)
})

test('a service that hangs, talks nonsense, hangs up or is gone keeps no mail out', async t => {
  const bad: readonly ((socket: Socket) => void)[] = [
    () => undefined,
    socket => socket.write('hello\n\n'),
    socket => socket.write('x'.repeat(10_000)),
    socket => socket.destroy(),
  ]
  for (const answer of bad) {
    const { port: quotaPort } = await service(t, answer)
    const served = await serve(config(quotaPort))
    const [said = ''] = await rcpt(served.ports[0] ?? 0, ['anna@isp.example'])
    await served.stop()
    assert.match(said, /^250/)
  }
  const served = await serve(config(1))
  t.after(served.stop)
  assert.match((await rcpt(served.ports[0] ?? 0, ['anna@isp.example']))[0] ?? '', /^250/)
})
