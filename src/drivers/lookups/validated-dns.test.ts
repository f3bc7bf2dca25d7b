import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { DNS_TYPE, validatedDns } from './validated-dns.ts'

const [AUTHENTIC, TRUNCATED] = [0x20, 0x02]
const TLSA = Buffer.from([3, 1, 1, 0xab, 0xcd])

type Shape = {
  readonly flags?: number
  readonly udpFlags?: number
  readonly cut?: number
  readonly code?: number
  /** Answers of others come before. */
  readonly isForged?: boolean
}

/** An answer with one TLSA record to this question. */
function answerTo(query: Buffer, { flags = 0, cut = 0, code = 0 }: Shape): Buffer {
  const head = Buffer.from(query.subarray(0, 12))
  head.writeUInt16BE(0x8180 | (flags & AUTHENTIC) | ((flags & TRUNCATED) << 8) | code, 2)
  head.writeUInt16BE(1, 6)
  head.writeUInt16BE(0, 10)
  const asked = query.subarray(12, query.length - 11)
  const record = Buffer.from([0xc0, 12, 0, 52, 0, 1, 0, 0, 14, 16, 0, TLSA.length])
  const whole = Buffer.concat([head, asked, record, TLSA])
  return whole.subarray(0, whole.length - cut)
}

/** A resolver over UDP and TCP on one port of loopback. */
async function resolver(shape: Shape, host = '127.0.0.1') {
  const six = host.includes(':')
  const udp = createSocket(six ? 'udp6' : 'udp4')
  udp.on('message', (query, { address, port: from }) => {
    const send = (answer: Buffer) => udp.send(answer, from, address)
    if (shape.isForged) {
      const other = Buffer.from(answerTo(query, { flags: AUTHENTIC }))
      other.writeUInt16BE((query.readUInt16BE() + 1) & 0xffff)
      send(other)
      send(Buffer.from([1, 2, 3]))
    }
    send(answerTo(query, { ...shape, flags: shape.udpFlags ?? shape.flags ?? 0 }))
  })
  let overTcp = 0
  const tcp = createServer(socket => {
    socket.once('data', query => {
      overTcp++
      const answer = answerTo(query.subarray(2), shape)
      const length = Buffer.alloc(2)
      length.writeUInt16BE(answer.length)
      // In two parts.
      socket.write(length)
      setImmediate(() => socket.end(answer))
    })
  })
  await new Promise<void>(resolve => tcp.listen(0, host, resolve))
  const { port } = tcp.address() as AddressInfo
  await new Promise<void>(resolve => udp.bind(port, host, resolve))
  const ask = validatedDns([six ? `[${host}]:${port}` : `${host}:${port}`])
  return {
    ask: () => {
      assert.ok(ask)
      return ask('_25._tcp.mail.isp.example', DNS_TYPE.tlsa)
    },
    overTcp: () => overTcp,
    stop: () => {
      udp.close()
      tcp.close()
    },
  }
}

const tried = async (shape: Shape, host?: string) => {
  const one = await resolver(shape, host)
  try {
    return { answer: await one.ask(), overTcp: one.overTcp() }
  } finally {
    one.stop()
  }
}

test('an answer is signed where a resolver on this machine says so, over IPv4 and IPv6', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const { answer } = await tried({ flags: AUTHENTIC }, host)
    assert.deepEqual(answer, {
      secure: true,
      code: 0,
      data: [TLSA],
      owner: '_25._tcp.mail.isp.example',
    })
  }
  assert.equal((await tried({})).answer.secure, false)
  assert.equal((await tried({ code: 2 })).answer.code, 2)
})

test('a resolver elsewhere is not believed: what is on the way could say that it is signed', () => {
  assert.equal(validatedDns(['192.0.2.53', '[2001:db8::53]:53', '192.0.2.53:5353']), undefined)
})

test('an answer that was truncated is asked for over TCP', async () => {
  const { answer, overTcp } = await tried({ flags: AUTHENTIC, udpFlags: TRUNCATED })
  assert.deepEqual(answer.data, [TLSA])
  assert.equal(overTcp, 1)
})

test('an answer that is cut is none', async () => {
  for (const cut of [1, TLSA.length, TLSA.length + 5])
    await assert.rejects(tried({ flags: AUTHENTIC, cut }))
})

test('an answer to another question is passed over', async () => {
  assert.equal((await tried({ isForged: true })).answer.secure, false)
})
