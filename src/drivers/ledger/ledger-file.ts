// The ledger in a file: read by whoever asks, written by a thread of its own.

import { checkFile } from '../sqlite/check-file.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { storeProblem } from '../sqlite/store-problem.ts'
import { type StoreHearers, startWorker } from '../sqlite/worker-client.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Commit } from './commit.ts'
import { openLedger } from './ledger-sql.ts'
import type { Write } from './write.ts'

const HELP =
  'Nothing was changed; docs/operations.md says what can be done ("The ledger is damaged").'

/** The first two are there before any of ours. */
const TABLES = ['kysely_migration', 'kysely_migration_lock', 'subscribers']

export type LedgerOptions = Partial<StoreHearers> & {
  /** There was a ledger in this folder. */
  readonly inUse?: boolean
}

/** Throws a sentence, and has changed nothing, when the ledger is damaged or gone. */
export async function openLedgerFile(path: string, options: LedgerOptions = {}): Promise<Ledger> {
  const { inUse = false, trouble = nobody, broken = nobody } = options
  const found = checkFile(path, TABLES)
  if (found.state === 'damaged') throw new Error(`${path} is damaged (${found.why}). ${HELP}`)
  if (found.state === 'none' && inUse)
    throw new Error(`${path} is empty or missing, but this folder was in use. ${HELP}`)
  const database = openSqlite(path)
  try {
    const commitWith = async (): Promise<Commit> => {
      const writer = await startWorker<readonly Write[], number>({
        trouble,
        broken,
        file: new URL('./ledger-worker.ts', import.meta.url),
        start: () => ({ path, synchronous: 'FULL' }),
      })
      return {
        write: all => writer.ask(all),
        close: () => writer.close(),
      }
    }
    return await openLedger(nodeSqliteDialect(database), { commitWith, trouble })
  } catch (error) {
    if (database.isOpen) database.close()
    throw storeProblem(error, path)
  }
}

const nobody = () => undefined
