import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
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
