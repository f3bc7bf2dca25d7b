import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import type { TlsSession } from '../../model/tls-session.ts'
import { smtpPool } from './smtp-pool.ts'

/** A server that says these lines, one to each of the client's. */
async function saying(t: { after(end: () => void): void }, ...lines: readonly string[]) {
  const server = createServer(socket => {
    const left = [...lines]
    socket.on('error', () => undefined)
    const say = () => {
      const line = left.shift()
      if (line === undefined) socket.end()
      else socket.write(`${line}\r\n`)
    }
    say()
    socket.on('data', say)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

test('a server that refuses the session has said nothing of the mail: it is tried later', async t => {
  for (const lines of [
    ['554 5.7.1 go away'],
    ['220 hello', '550 5.7.1 not you', '550 5.7.1 not you'],
    ['220 hello', '250-a\r\n250 STARTTLS', '554 5.7.0 no', '550 no', '550 no'],
  ])
    for (const asked of [undefined, 'MTA-STS of far.example']) {
      // Without a policy the mail goes in clear then, and what is said is said of it.
      if (asked === undefined && lines.length > 3) continue
      const port = await saying(t, ...lines)
      const pool = smtpPool('mail.isp.example')
      const sent = await pool.send(
        {
          host: '127.0.0.1',
          port,
          protocol: 'smtp',
          tls: asked === undefined ? 'opportunistic' : 'verified',
          ...(asked === undefined ? {} : { asked }),
        },
        {
          sender: 'a@isp.example',
          recipients: ['b@far.example'],
          size: 1,
          esmtp: {},
          recipientEsmtp: {},
          body: async () => (async function* () {})(),
        },
      )
      pool.close()
      const reply = sent.replies.get('b@far.example')
      assert.ok(reply && reply.code < 500, `${lines.join()} ${JSON.stringify(reply)}`)
      assert.equal(sent.unreached, true)
    }
})

for (const hides of [true, false])
  test(`each domain whose mail a kept connection takes is told once of its TLS: ${hides ? 'there is none' : 'it has a wrong certificate'}`, async t => {
    let connections = 0
    const server = new SMTPServer({
      disabledCommands: hides ? ['STARTTLS', 'AUTH'] : ['AUTH'],
      onConnect: (_session, done) => {
        connections++
        done()
      },
      onData: (stream, _session, done) => stream.on('end', done).resume(),
    })
    server.on('error', () => undefined)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => new Promise<void>(resolve => server.close(() => resolve())))
    const { port } = server.server.address() as AddressInfo
    const told: TlsSession[] = []
    const pool = smtpPool('mail.isp.example', session => void told.push(session))
    for (const domain of ['a.example', 'b.example', 'a.example', 'b.example']) {
      const policy = { kind: 'sts', domain, lines: [], mx: [], tests: true } as const
      const hop = { host: '127.0.0.1', port, protocol: 'smtp', tls: 'opportunistic' } as const
      const { replies } = await pool.send(
        { ...hop, reported: { policy, mx: 'mail.shared.example' } },
        {
          sender: 'a@isp.example',
          recipients: [`b@${domain}`],
          size: 1,
          esmtp: {},
          recipientEsmtp: {},
          body: async () => Readable.from([Buffer.from('Subject: hi\r\n\r\nhi\r\n')]),
        },
      )
      assert.equal(replies.get(`b@${domain}`)?.code, 250)
    }
    pool.close()
    assert.equal(connections, 1)
    const type = hides ? 'starttls-not-supported' : 'certificate-expired'
    assert.deepEqual(
      told.map(({ policy, failure }) => [policy.domain, failure?.type]),
      [
        ['a.example', type],
        ['b.example', type],
      ],
    )
  })
