// Messages of 25 and of 100 MiB go in at one end and come out at the other, whole, and the server grows by little.

import assert from 'node:assert/strict'
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { eventually, serve } from '../support/serve.ts'

const MIB = 1024 * 1024
/** How much more memory a message of four times the size may take, in MiB: what garbage collection leaves lying about. */
const MAY_GROW = 48
/** So often a large one is sent again, where that was more: of all, the least counts. */
const MORE = 2

/** Begins anew with what it has now; then tells the most that it had since (VmHWM, proc_pid_status(5)), in MiB. */
function peakOf(pid: number): () => number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return () => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
  }
}

/** A server that keeps nothing of a message but its hash, without the lines that were put in front. */
async function hashingServer() {
  const hashes: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    // Whoever has its last answer may go without listening to more: what arrived whole is what counts.
    talk(socket, hashes).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, hashes, stop: () => server.close() }
}

async function talk(socket: Socket, hashes: string[]): Promise<void> {
  let hash: Hash | undefined
  let rest = Buffer.alloc(0)
  socket.write('220 sink ESMTP\r\n')
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer])
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.subarray(0, end + 1)
      rest = rest.subarray(end + 1)
      if (hash && line.toString() === '.\r\n') {
        hashes.push(hash.digest('hex'))
        hash = undefined
        socket.write('250 2.0.0 Ok\r\n')
      } else if (hash) {
        // Every line of ours begins with this.
        if (line.subarray(0, 5).toString() === 'line ') hash.update(line)
      } else if (line.toString().startsWith('DATA')) {
        hash = createHash('sha256')
        socket.write('354 go on\r\n')
      } else if (line.toString().startsWith('EHLO')) socket.write('250-sink\r\n250 SIZE 0\r\n')
      else socket.write('250 2.0.0 Ok\r\n')
    }
  }
}

/** Sends a message of so many bytes, as fast as it is taken; returns the hash of its lines. */
async function sendLarge(port: number, size: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const replies = socket.setEncoding('latin1')[Symbol.asyncIterator]()
  const say = async (text: string, code: string) => {
    if (text !== '') socket.write(text)
    const { value } = (await replies.next()) as { value: string }
    assert.ok(value.startsWith(code), value)
  }
  await say('', '220')
  await say('EHLO mx.meadow.example\r\n', '250')
  await say('MAIL FROM:<a@meadow.example>\r\n', '250')
  await say('RCPT TO:<away@isp.example>\r\n', '250')
  await say('DATA\r\n', '354')
  const hash = createHash('sha256')
  socket.write('Subject: large\r\n\r\n')
  for (let sent = 0, n = 0; sent < size; ) {
    const lines = Array.from({ length: 1000 }, () => `line ${n++} ${'x'.repeat(60)}\r\n`).join('')
    hash.update(lines)
    sent += lines.length
    if (!socket.write(lines)) await once(socket, 'drain')
  }
  await say('.\r\n', '250')
  socket.destroy()
  return hash.digest('hex')
}

for (const doorThreads of [0, 1]) {
  test(`25 and 100 MiB (doorThreads: ${doorThreads})`, async t => {
    const outside = await hashingServer()
    t.after(outside.stop)
    const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
maxMessageSize: 150000000
doorThreads: ${doorThreads}
routes: { "*": { host: 127.0.0.1, port: ${outside.port} } }
resolvers: [127.0.0.1]
forwards: { away@isp.example: [ann@copper.example] }
`)
    t.after(served.stop)
    const [port = 0] = served.ports
    let passes = 0
    const pass = async (size: number) => {
      const most = peakOf(served.pid)
      const sent = await sendLarge(port, size)
      await eventually(() => (outside.hashes.includes(sent) ? true : undefined))
      passes++
      return most()
    }
    // What the first messages make it load, and the garbage they leave, is not what size costs.
    await pass(25 * MIB)
    const small = await pass(24 * MIB)
    let large = await pass(100 * MIB)
    // When garbage is collected is chance. What size costs, it costs each time.
    for (let i = 1; i <= MORE && large - small >= MAY_GROW; i++)
      large = Math.min(large, await pass((100 + i) * MIB))
    t.diagnostic(`${small.toFixed(0)} MiB with 24 MiB, ${large.toFixed(0)} MiB with 100 MiB`)
    assert.ok(large - small < MAY_GROW, `${(large - small).toFixed(0)} MiB more`)
    assert.equal(outside.hashes.length, passes, 'more than once')
  })
}
