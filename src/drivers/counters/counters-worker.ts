// The thread that writes the counters down, so that nobody who is judged waits for it.

import { parentPort, workerData } from 'node:worker_threads'
import type { Answered, Asked, WorkerStart } from '../sqlite/asked.ts'
import { inTransaction } from '../sqlite/in-transaction.ts'
import { type Kind, KINDS, type PackedRow, unpacked } from './packed-rows.ts'
import { bytesOf, openRowFile } from './row-file.ts'

const port = parentPort
if (!port) throw new Error('the writer of the counters runs as a worker thread')
const { path } = workerData as WorkerStart
const database = openRowFile(path)
const statements = (sql: (kind: Kind) => string) =>
  Object.fromEntries(KINDS.map(kind => [kind, database.prepare(sql(kind))]))
const put = statements(kind => `INSERT OR REPLACE INTO ${kind}_row (key, numbers) VALUES (?, ?)`)
const drop = statements(kind => `DELETE FROM ${kind}_row WHERE key = ?`)

port.on('message', (asked: Asked<Float64Array<ArrayBuffer>> | 'close') => {
  if (asked === 'close') {
    database.close()
    port.close()
    return
  }
  const { n, ask } = asked
  const answer = (told: Omit<Answered<true>, 'n'>) => port.postMessage([{ n, ...told }])
  try {
    // In the order of the keys: neighbours lie on the same page.
    const rows = [...unpacked(ask)].sort((a, b) => a.key - b.key)
    inTransaction(database, () => rows.forEach(write))
    answer({ answer: true })
  } catch (error) {
    answer({ error: String(error) })
  }
})

function write({ kind, key, numbers }: PackedRow): void {
  if (numbers.length === 0) drop[kind]?.run(key)
  else put[kind]?.run(key, bytesOf(numbers))
}
