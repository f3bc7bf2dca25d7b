import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { openConnection } from './smtp-client.ts'

test('a server whose reply does not end is not listened to for long', {
  timeout: 30_000,
}, async t => {
  let said = 0
  const talks = async (socket: Socket) => {
    socket.on('error', () => undefined)
    while (!socket.destroyed) {
      said += 16 * 1024
      if (!socket.write(`220-${'x'.repeat(16 * 1024 - 6)}\r\n`))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined)
      if (said > 900 * 1024) return
    }
  }
  const server = createServer(socket => void talks(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const hop = { host: '127.0.0.1', port, protocol: 'smtp', tls: 'opportunistic' } as const
  await assert.rejects(openConnection(hop, { ourName: 'mail.isp.example' }), /maximum allowed size/)
})

for (const lmtp of [false, true])
  test(`a line over 998 octets is folded on its way to another server, by ${lmtp ? 'LMTP' : 'SMTP'}`, async t => {
    let taken = ''
    const server = new SMTPServer({
      lmtp,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, _session, done) => {
        stream.on('data', (chunk: Buffer) => (taken += chunk.toString('latin1')))
        stream.on('end', done)
      },
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => new Promise<void>(resolve => server.close(() => resolve())))
    const { port } = server.server.address() as AddressInfo
    const protocol = lmtp ? 'lmtp' : 'smtp'
    const hop = { host: '127.0.0.1', port, protocol, tls: 'opportunistic' } as const
    const connection = await openConnection(hop, { ourName: 'mail.isp.example' })
    const mail = `Subject: x\r\nReferences: ${'<q1@isp.example> '.repeat(90)}\r\n\r\nhi\r\n`
    const to = 'bob@copper.example'
    const { replies } = await connection.send({
      sender: 'ann@meadow.example',
      recipients: [to],
      size: mail.length,
      esmtp: {},
      recipientEsmtp: {},
      body: async () =>
        (async function* () {
          yield Buffer.from(mail)
        })(),
    })
    connection.close()
    assert.equal(replies.get(to)?.code, 250, JSON.stringify([...replies]))
    assert.ok(taken.split('\r\n').every(line => line.length <= 998))
    assert.equal(taken.replaceAll('\r\n <', ' <'), mail)
  })

const MAIL = 'Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe\r\n'

for (const [can, front, code, seen] of [
  [true, '', 250, /Gr\u00fc\u00dfe/],
  [false, '', 250, /quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe/],
  [true, 'DKIM-Signature: v=1; d=meadow.example\r\n', 250, /Gr\u00fc\u00dfe/],
  [false, 'DKIM-Signature: v=1; d=meadow.example\r\n', 554, /^$/],
] as const)
  test(`8-bit mail, ${front ? 'signed' : 'unsigned'}, for a server ${can ? 'with' : 'without'} 8BITMIME`, async t => {
    let taken = ''
    let asked: unknown
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      hide8BITMIME: !can,
      onMailFrom: ({ args }, _session, done) => {
        asked = args && 'BODY' in args && args.BODY
        done()
      },
      onData: (stream, _session, done) => {
        stream.on('data', (chunk: Buffer) => (taken += chunk.toString('utf8')))
        stream.on('end', done)
      },
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => new Promise<void>(resolve => server.close(() => resolve())))
    const { port } = server.server.address() as AddressInfo
    const hop = { host: '127.0.0.1', port, protocol: 'smtp', tls: 'opportunistic' } as const
    const connection = await openConnection(hop, { ourName: 'mail.isp.example' })
    const to = 'bob@copper.example'
    const { replies } = await connection.send({
      sender: 'ann@meadow.example',
      recipients: [to],
      size: MAIL.length,
      esmtp: { eightBit: true },
      recipientEsmtp: {},
      body: async () =>
        (async function* () {
          yield Buffer.from(front + MAIL)
        })(),
    })
    connection.close()
    assert.equal(replies.get(to)?.code, code, JSON.stringify([...replies]))
    assert.match(taken, seen)
    if (code === 250) assert.equal(asked, can ? '8BITMIME' : false)
  })
