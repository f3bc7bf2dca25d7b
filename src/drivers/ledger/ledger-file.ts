// The ledger in a file: read by whoever asks, written by a thread of its own.

import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { startWorker } from '../sqlite/worker-client.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { openLedger } from './ledger-sql.ts'
import type { Write } from './ledger-writes.ts'

export function openLedgerFile(path: string): Promise<Ledger> {
  return openLedger(nodeSqliteDialect(openSqlite(path)), () => {
    const writer = startWorker<readonly Write[], true>(
      new URL('./ledger-worker.ts', import.meta.url),
      { path, synchronous: 'FULL' },
    )
    return {
      write: async all => {
        await writer.ask(all)
      },
      close: () => writer.close(),
    }
  })
}
