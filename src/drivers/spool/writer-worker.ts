// The one thread that writes to the queue. Group commit: whatever arrived while the last commit ran goes into the
// next one, so that one fsync serves many messages; no timer, so that a single message never waits for company.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import type { Answered, Asked, WorkerStart } from '../sqlite/asked.ts'
import type { WriteAnswer, WriteCall } from './calls.ts'
import { SpoolStore } from './spool-store.ts'

const port = parentPort
if (!port) throw new Error('the spool writer runs as a worker thread')
const { path, synchronous } = workerData as WorkerStart
const store = new SpoolStore(openSqlite(path, synchronous))
// The log starts over every 16 MB: a file that does not grow is synced much faster than one that does.
store.database.exec('PRAGMA wal_autocheckpoint = 1000')
/** Folded into the database when nothing has come for so long, so that a restart has little to read. */
const IDLE = 1000
let idle: NodeJS.Timeout | undefined
/** Larger groups gain nothing and keep the first of them waiting. */
const MAX_GROUP = 500

port.on('message', (first: Asked<WriteCall> | 'close') => {
  if (first === 'close') return close()
  const group = [first]
  while (group.length < MAX_GROUP) {
    const more = receiveMessageOnPort(port)
    if (!more) break
    if (more.message === 'close') {
      commit(group)
      return close()
    }
    group.push(more.message as Asked<WriteCall>)
  }
  commit(group)
})

function commit(group: readonly Asked<WriteCall>[]): void {
  try {
    const answers = inTransaction(store.database, () =>
      group.map(({ n, ask }) => ({ n, answer: carryOut(ask) })),
    )
    port?.postMessage(answers)
    clearTimeout(idle)
    idle = setTimeout(() => store.database.exec('PRAGMA wal_checkpoint(PASSIVE)'), IDLE)
  } catch (error) {
    // Together they failed; alone, those that can will succeed, and only the culprit is told no.
    if (group.length > 1) for (const one of group) commit([one])
    else
      port?.postMessage([
        { n: group[0]?.n ?? 0, error: String(error) } satisfies Answered<WriteAnswer>,
      ])
  }
}

function carryOut(ask: WriteCall): WriteAnswer {
  switch (ask.call) {
    case 'add':
      store.add(ask.stored)
      return { rows: [], files: [] }
    case 'settle':
      return { rows: [], files: store.settle(ask.results) }
    case 'flush':
      return { rows: [], files: [], count: store.flush(ask.at) }
    case 'change':
      return store.change(ask.filter, ask.change)
    default:
      return ask satisfies never
  }
}

function close(): void {
  clearTimeout(idle)
  store.database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA incremental_vacuum;')
  store.database.close()
  port?.close()
}
