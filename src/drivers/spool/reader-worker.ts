// The thread that reads the queue, on a connection of its own, so that a long listing never delays a commit.
// Which recipients are out for delivery is remembered here and nowhere else: a crash forgets it, as it should.

import { parentPort, workerData } from 'node:worker_threads'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import type { Answered, Asked, WorkerStart } from '../sqlite/asked.ts'
import type { ReadAnswer, ReadCall } from './calls.ts'
import { SpoolStore } from './spool-store.ts'

const port = parentPort
if (!port) throw new Error('the spool reader runs as a worker thread')
const store = new SpoolStore(openSqlite((workerData as WorkerStart).path))
/** Recipient -> until when it is lent. */
const lent = new Map<number, number>()

port.on('message', (asked: Asked<ReadCall> | 'close') => {
  if (asked === 'close') {
    store.database.close()
    port.close()
    return
  }
  let answered: Answered<ReadAnswer>
  try {
    answered = { n: asked.n, answer: carryOut(asked.ask) }
  } catch (error) {
    answered = { n: asked.n, error: String(error) }
  }
  port.postMessage([answered])
})

function carryOut(ask: ReadCall): ReadAnswer {
  switch (ask.call) {
    case 'claim': {
      for (const [id, until] of lent) if (until <= ask.at) lent.delete(id)
      const { claims, damaged } = store.due(ask.at, ask.max, lent)
      for (const claim of claims)
        for (const { id } of claim.recipients) lent.set(id, ask.leaseUntil)
      return { claims, damaged }
    }
    case 'give-back':
      for (const id of ask.recipients) lent.delete(id)
      return {}
    case 'list':
      return { rows: store.list(ask.filter) }
    case 'body': {
      const body = store.body(ask.message)
      return body ? { body } : {}
    }
    case 'next-due': {
      const nextDue = store.nextDue(ask.after)
      return nextDue === undefined ? {} : { nextDue }
    }
    case 'totals':
      return { totals: store.totals() }
    case 'files':
      return { files: store.files() }
    default:
      return ask satisfies never
  }
}
