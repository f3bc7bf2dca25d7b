// The ledger in a file: read on the caller's thread, written by a thread of its own.

import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkFile } from '../sqlite/check-file.ts'
import { missingIn } from '../sqlite/missing-columns.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { NewerCordon } from '../sqlite/newer-cordon.ts'
import { liesInFile, storeProblem } from '../sqlite/store-problem.ts'
import { type StoreHearers, startWorker } from '../sqlite/worker-client.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { Commit } from './commit.ts'
import { DamagedRow } from './parse-row.ts'
import type { LedgerTables } from './tables.ts'
import { openLedger } from './ledger-sql.ts'
import type { Write } from './write.ts'

const PAGE = 'docs/operations.md says what can be done ("The ledger is damaged").'
/** The check only reads. */
const HELP = `Nothing was changed; ${PAGE}`

/** An empty file of this name beside the ledger lets a missing one be begun anew, once. */
const BEGIN_ANEW = 'ledger.begin-anew'

/** The first two are there before any of ours. */
const TABLES = ['kysely_migration', 'kysely_migration_lock', 'subscribers']

const WHOLE: { readonly [T in keyof LedgerTables]: readonly (keyof LedgerTables[T])[] } = {
  subscribers: ['id', 'body'],
  customer_addresses: ['address', 'subscriber'],
  leases: ['realm', 'prefix', 'first_port', 'subscriber', 'from_at', 'session', 'to_at', 'body'],
  accounts: ['subscriber', 'login', 'hash'],
  records: ['kind', 'id', 'rev', 'body'],
  app_passwords: ['id', 'login', 'body'],
  incidents: [
    ...(['id', 'subject', 'subscriber', 'open', 'epoch', 'changed_at'] as const),
    ...(['opened_at', 'case_code', 'body'] as const),
  ],
  decisions: ['id', 'incident', 'subject', 'ended', 'at', 'body'],
  evidence: ['n', 'subject', 'at', 'body'],
  changes: ['n', 'at', 'body'],
  changes_kept: ['life', 'forgotten'],
  notices: ['id', 'incident', 'at', 'body'],
  audit: ['n', 'at', 'actor', 'order_kind', 'target', 'body'],
}

export type LedgerOptions = Partial<StoreHearers> & {
  /** There was a ledger in this folder. */
  readonly inUse?: boolean
}

/** Throws a sentence when the ledger is damaged or gone, or the world around does not let it be opened. */
export async function openLedgerFile(path: string, options: LedgerOptions = {}): Promise<Ledger> {
  const { inUse = false, trouble = unheard, broken = unheard } = options
  const found = checkFile(path, TABLES)
  if (found.state === 'damaged') throw new Error(`${path} is damaged (${found.why}). ${HELP}`)
  const anew = join(dirname(path), BEGIN_ANEW)
  if (found.state === 'none' && inUse && !existsSync(anew))
    throw new Error(
      `${path} is empty or missing, but this folder was in use. Restore it from a backup; or, to begin without it, make an empty file ${anew}. ${HELP}`,
    )
  let database: DatabaseSync | undefined
  /** Why there is no writer: the reader has found the file sound. */
  let noWriter: unknown
  try {
    const opened = openSqlite(path)
    database = opened
    const commitWith = async (): Promise<Commit> => {
      const writer = await startWorker<readonly Write[], number>({
        trouble,
        broken,
        file: new URL('./ledger-worker.ts', import.meta.url),
        // The lock as well: without it a second Cordon would come in.
        start: () => ({
          path,
          synchronous: 'FULL',
          watched: [join(dirname(path), 'lock.db')],
        }),
      }).catch((error: unknown) => {
        noWriter = error
        throw error
      })
      return {
        write: all => writer.ask(all),
        close: () => writer.close(),
      }
    }
    const ledger = await openLedger(nodeSqliteDialect(opened), {
      commitWith,
      trouble,
      migrated: () => mustBeWhole(opened),
    })
    rmSync(anew, { force: true })
    return ledger
  } catch (error) {
    if (database?.isOpen) database.close()
    const isDamaged = !(error instanceof NewerCordon) && error !== noWriter && liesInFile(error)
    if (!isDamaged) throw storeProblem(error, path)
    const why = error instanceof DamagedRow ? error.why : (error as Error).message
    throw new Error(`${path} is damaged (${why}). ${PAGE}`, { cause: error })
  }
}

/** When every step is done, all of it is there: what is read of one at a start would be the first to miss it. */
function mustBeWhole(database: DatabaseSync): void {
  const missing = missingIn(database, WHOLE)
  if (missing !== undefined) throw new Error(missing)
}

const unheard = () => undefined
