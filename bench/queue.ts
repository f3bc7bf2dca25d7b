// A long queue: what taking mail costs when a hundred thousand messages wait, and how soon after a restart the first of
// them is delivered.

import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { serve, startServer } from '../test/support/serve.ts'
import { alone, median, type Row } from './pairs.ts'
import { memoryOf } from './processes.ts'
import { send } from './smtp.ts'
import { nextWords } from '../test/support/next-words.ts'

const QUEUED = 100_000
const SAMPLE = 3000
const SAMPLES = 5
const to = 'sink@isp.example'
const load = { messages: SAMPLE, size: 4096, reused: true, to }

export async function benchQueue(): Promise<Row[]> {
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
forwards: { sink@isp.example: [friend@elsewhere.example] }
holdDelivery: true
listeners: [{ kind: inbound, port: 0 }]
connections: { total: 1000, perAddress: 1000, perMinute: 10000000 }
`)
  const [port = 0] = served.ports
  try {
    const rate = async (messages = SAMPLE) => {
      const began = performance.now()
      await send(port, { ...load, messages })
      return (messages / (performance.now() - began)) * 1000
    }
    const samples = async () => {
      const rates: number[] = []
      for (let i = 0; i < SAMPLES; i++) rates.push(await rate())
      return rates
    }
    await rate()
    const empty = await samples()
    const before = memoryOf(served.pid)
    await rate(QUEUED - SAMPLE * (SAMPLES + 1))
    const perMessage = ((memoryOf(served.pid) - before) * 1024 * 1024) / QUEUED
    const full = await samples()
    console.log(
      `    empty queue ${Math.round(median(empty))}/s, ${QUEUED.toLocaleString('en')} queued ${Math.round(median(full))}/s; ${Math.round(perMessage)} bytes of memory for each queued message`,
    )
    const growth = alone(
      {
        name: `cost of a message with ${QUEUED.toLocaleString('en')} queued, per cent of that with an empty queue`,
        unit: 'per cent',
        target: 125,
        better: 'less',
      },
      [(median(empty) / median(full)) * 100],
    )
    return [growth, await restart(served)]
  } finally {
    await served.stop()
  }
}

/** Kills it, starts it again with somewhere to deliver to, and waits for the first message there. */
async function restart(served: Awaited<ReturnType<typeof serve>>): Promise<Row> {
  const sinkPort = await freePort()
  const sink = spawn('/usr/sbin/smtp-sink', ['-u', 'root', '-c', `127.0.0.1:${sinkPort}`, '500'])
  served.signal('SIGKILL')
  await new Promise(resolve => setTimeout(resolve, 500))
  const file = join(served.folder, 'cordon.yaml')
  const config = readFileSync(file, 'utf8').replace('holdDelivery: true\n', '')
  writeFileSync(file, `${config}routes: { "*": { host: 127.0.0.1, port: ${sinkPort} } }\n`)
  const began = performance.now()
  const first = nextWords(sink).then(() => performance.now() - began)
  const { server } = await startServer(file)
  const ready = performance.now() - began
  const delivered = await first
  console.log(`    ready after ${Math.round(ready)} ms`)
  server.kill('SIGKILL')
  sink.kill()
  return alone(
    {
      name: `from a start after a crash with ${QUEUED.toLocaleString('en')} queued to the first delivery`,
      unit: 'ms',
      target: 5000,
      better: 'less',
    },
    [delivered],
  )
}
