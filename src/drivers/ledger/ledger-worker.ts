// The thread that writes to the ledger, so that the engine never waits for a disk while others ask it. Group commit, like
// the queue's: whatever came while the last commit ran goes into the next one.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { SQLInputValue } from 'node:sqlite'
import type { Answered, Asked, WorkerStart } from '../sqlite/asked.ts'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { statementsOf } from '../sqlite/sqlite-dialect.ts'
import type { Write } from './ledger-writes.ts'

const port = parentPort
if (!port) throw new Error('the ledger writer runs as a worker thread')
const { path, synchronous } = workerData as WorkerStart
const database = openSqlite(path, synchronous)
const prepared = statementsOf(database)
/** Larger groups gain nothing and keep the first of them waiting. */
const MAX_GROUP = 500

type Call = Asked<readonly Write[]>

port.on('message', (first: Call | 'close') => {
  const group: Call[] = []
  let next: Call | 'close' | undefined = first
  while (next !== undefined && next !== 'close') {
    group.push(next)
    const more = group.length < MAX_GROUP ? receiveMessageOnPort(port) : undefined
    next = more?.message as Call | 'close' | undefined
  }
  if (group.length > 0) commit(group)
  if (next !== 'close') return
  database.close()
  port.close()
})

function commit(group: readonly Call[]): void {
  try {
    inTransaction(database, () => {
      for (const { ask } of group)
        for (const { sql, parameters } of ask) prepared(sql).run(...(parameters as SQLInputValue[]))
    })
    port?.postMessage(group.map(({ n }): Answered<true> => ({ n, answer: true })))
  } catch (error) {
    // Together they failed; alone, those that can will succeed, and only the culprit is told no.
    if (group.length > 1) for (const one of group) commit([one])
    else port?.postMessage([{ n: group[0]?.n ?? 0, error: String(error) } satisfies Answered<true>])
  }
}
