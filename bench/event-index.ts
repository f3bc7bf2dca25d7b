// What the event index costs: the journal with it and without it, in turns. `node bench/event-index.ts` prints µs of CPU for an event, of
// the thread that writes the journal and of the whole process.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { openEventIndex } from '../src/drivers/journal/event-index.ts'
import { openJournal } from '../src/drivers/journal/journal-file.ts'
import type { Event } from '../src/model/event.ts'

const EVENTS = 100_000
const ROUNDS = 3
const CUSTOMERS = 5003
const AT = Date.UTC(2026, 10, 21, 12)

const event = (seq: number): Event => ({
  kind: 'step-judged',
  id: `node.1.${seq}`,
  seq,
  at: AT + seq,
  who: {
    realm: 'main',
    address: `203.0.${seq % 250}.${seq % 199}`,
    port: 4000,
    login: `user${seq % CUSTOMERS}@isp.example`,
    subscriber: String(seq % CUSTOMERS),
    sure: 'certain',
  },
  step: {
    listener: 'submission',
    stage: 'rcpt',
    helo: 'home.example',
    sender: `user${seq % CUSTOMERS}@isp.example`,
    recipient: `${((seq * 7919) % 1e9).toString(36)}@meadow.example`,
    accepted: 0,
  },
  verdict: 'accept',
})

async function measure(isIndexed: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'))
  const trouble = (error: unknown) => {
    throw error
  }
  const index = isIndexed
    ? await openEventIndex(join(folder, 'index.db'), join(folder, 'journal'), { trouble })
    : undefined
  const journal = openJournal(join(folder, 'journal'), { trouble, ...(index ? { index } : {}) })
  const [all, own] = [process.cpuUsage(), process.threadCpuUsage()]
  for (let i = 0; i < EVENTS; i++) {
    journal.write(event(i))
    if (i % 200 === 0) await turn()
  }
  await journal.close()
  await index?.close()
  const each = ({ user, system }: NodeJS.CpuUsage) => ((user + system) / EVENTS).toFixed(2)
  const [thread, whole] = [each(process.threadCpuUsage(own)), each(process.cpuUsage(all))]
  console.log(`${isIndexed ? 'with   ' : 'without'}  thread ${thread} µs  process ${whole} µs`)
  rmSync(folder, { recursive: true })
}

for (let round = 0; round < ROUNDS; round++)
  for (const isIndexed of [false, true]) await measure(isIndexed)
