// The one thread that writes to the queue. Group commit: one fsync serves many messages (drivers/sqlite/serve-calls.ts).

import { inTransaction } from '../sqlite/in-transaction.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { serveCalls } from '../sqlite/serve-calls.ts'
import type { WriteAnswer, WriteCall } from './calls.ts'
import { SpoolStore } from './spool-store.ts'

/** Folded into the database when nothing has come for so long, so that a restart has little to read. */
const IDLE = 1000

serveCalls<WriteCall, WriteAnswer>(({ path, synchronous }) => {
  const store = new SpoolStore(openSqlite(path, synchronous))
  // The log starts over every 16 MB: a file that does not grow is synced much faster than one that does.
  store.database.exec('PRAGMA wal_autocheckpoint = 1000')
  let idle: NodeJS.Timeout | undefined
  return {
    together: asks => {
      const answers = inTransaction(store.database, () => asks.map(ask => carryOut(store, ask)))
      clearTimeout(idle)
      idle = setTimeout(() => fold(store), IDLE)
      return answers
    },
    close: () => {
      clearTimeout(idle)
      tidy(store)
      store.database.close()
    },
  }
})

function carryOut(store: SpoolStore, ask: WriteCall): WriteAnswer {
  switch (ask.call) {
    case 'add':
      return { rows: [], files: store.add(ask.stored) }
    case 'settle':
      return { rows: [], files: store.settle(ask.results) }
    case 'flush':
      return { rows: [], files: [], count: store.flush(ask.at, ask.after) }
    case 'change':
      return store.change(ask.filter, ask.change)
    default:
      return ask satisfies never
  }
}

/** A disk without room for it is no trouble: everything is in the log, and the next commit says what there is to say. */
function fold({ database }: SpoolStore): void {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  } catch {}
}

function tidy({ database }: SpoolStore): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA incremental_vacuum;')
  } catch {}
}
