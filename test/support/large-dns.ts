// A DNS server in a thread of its own, so that its work is not the test's: a name below a `large…` one has as many records as 64 KB hold, of any kind
// that is asked, which are told over TCP; one below `silent…` has no answer; any other has one record.

import { createSocket } from 'node:dgram'
import { createServer, type Server, type Socket } from 'node:net'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

export type LargeDns = { readonly server: string; stop(): Promise<unknown> }

export async function largeDns(): Promise<LargeDns> {
  const worker = new Worker(new URL(import.meta.url))
  const port = await new Promise<number>(resolve => worker.once('message', resolve))
  return { server: `127.0.0.1:${port}`, stop: () => worker.terminate() }
}

async function serve(): Promise<number> {
  const server = createServer(overTcp)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as ReturnType<Server['address']> & { port: number }
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const answer = answerTo(query)
    if (answer)
      socket.send(answer.length > 1232 ? truncated(query) : answer, from.port, from.address)
  })
  socket.bind(port, '127.0.0.1')
  return port
}

function overTcp(socket: Socket): void {
  let heard = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', chunk => {
    heard = Buffer.concat([heard, chunk])
    while (heard.length > 2 && heard.length >= 2 + heard.readUInt16BE(0)) {
      const end = 2 + heard.readUInt16BE(0)
      const answer = answerTo(heard.subarray(2, end))
      heard = heard.subarray(end)
      if (answer) socket.write(Buffer.concat([twoBytes(answer.length), answer]))
    }
  })
}

const known = new Map<string, Buffer>()

function answerTo(query: Buffer): Buffer | undefined {
  const question = questionOf(query)
  const name = question.toString('latin1')
  if (name.includes('silent')) return undefined
  const type = question.readUInt16BE(question.length - 4)
  const isLarge = name.includes('large')
  const records = known.get(`${type} ${isLarge}`) ?? recordsOf(type, isLarge ? 65_000 : 1)
  known.set(`${type} ${isLarge}`, records)
  return Buffer.concat([
    query.subarray(0, 2),
    Buffer.from([0x85, 0x80, 0, 1]),
    twoBytes(records.length / record(type, 0).length),
    Buffer.from([0, 0, 0, 0]),
    question,
    records,
  ])
}

const truncated = (query: Buffer) =>
  Buffer.concat([
    query.subarray(0, 2),
    Buffer.from([0x87, 0x80, 0, 1, 0, 0, 0, 0, 0, 0]),
    questionOf(query),
  ])

function questionOf(query: Buffer): Buffer {
  let end = 12
  while ((query[end] ?? 0) > 0) end += 1 + (query[end] ?? 0)
  return query.subarray(12, end + 5)
}

const twoBytes = (n: number) => Buffer.from([n >> 8, n & 255])

/** As many of the name that was asked as fill `size` bytes, one at least. */
function recordsOf(type: number, size: number): Buffer {
  const count = Math.max(1, Math.floor(size / record(type, 0).length))
  return Buffer.concat(Array.from({ length: count }, (_, i) => record(type, i)))
}

function record(type: number, i: number): Buffer {
  const [high, low] = [i >> 8, i & 255]
  const name = [4, 0x6d, 97 + (i % 26), 97 + (low % 10), 97 + (high % 26), 0xc0, 12]
  const data = DATA[type]?.(high, low, name) ?? [0]
  return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data])
}

/** By the type of the record: A, PTR, MX, TXT, AAAA. */
const DATA: Readonly<Record<number, (high: number, low: number, name: number[]) => number[]>> = {
  1: (high, low) => [10, 0, high, low],
  12: (_high, _low, name) => name,
  15: (high, low, name) => [high, low, ...name],
  16: () => [2, 104, 105],
  28: (high, low) => [0x20, 1, 13, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, low],
}

if (!isMainThread && parentPort) void serve().then(port => parentPort?.postMessage(port))
