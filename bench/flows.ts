// Flow records: from the socket through decoding to what is told of each line, in this process; the exporter in another. What comes
// is counted, and what this process spent on it: one core is what it would take.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openFlows } from '../src/sensors/flows/server.ts'
import { tellerClocks } from '../src/wire/teller-clocks.ts'
import { alone, type Row } from './pairs.ts'

const PACKETS = 20_000
/** 240,000 records a second. */
const PER_SECOND = 10_000

export async function benchFlows(): Promise<Row[]> {
  let told = 0
  const flows = await openFlows(
    {
      address: '127.0.0.1',
      port: 0,
      exporters: ['127.0.0.1'],
      networks: ['100.64.0.0/10'],
      servers: [],
      realm: 'main',
      antiSpoofed: true,
      port25: 'open',
      contacts: [],
    },
    {
      report: () => void told++,
      clocks: tellerClocks(
        () => undefined,
        () => Date.now(),
      ),
      now: () => Date.now(),
      trouble: error => {
        throw error
      },
    },
  )
  const perCore: number[] = []
  const lost: number[] = []
  for (let i = 0; i < 5; i++) {
    const before = flows.counts.records
    const spent = process.cpuUsage()
    const sent = await load(flows.port)
    const { user, system } = process.cpuUsage(spent)
    const taken = flows.counts.records - before
    perCore.push(taken / ((user + system) / 1e6))
    lost.push(((sent - taken) / sent) * 100)
  }
  await flows.close()
  console.log(`    ${told.toLocaleString('en')} events were told of`)
  return [
    alone(
      {
        name: 'flow records (NetFlow 9)',
        unit: 'a second of one core',
        target: 100_000,
        better: 'more',
      },
      perCore,
    ),
    alone(
      {
        name: 'flow records lost, of 240,000 a second',
        unit: 'per cent',
        target: 1,
        better: 'less',
      },
      lost,
    ),
  ]
}

async function load(port: number): Promise<number> {
  const words = [port, PACKETS, PER_SECOND].map(String)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'flow-load.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', chunk => (said += String(chunk)))
  await once(child, 'close')
  await new Promise(resolve => setTimeout(resolve, 200))
  return Number(said)
}
