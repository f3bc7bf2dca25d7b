// The ledger in SQL: the same queries for SQLite and, later, PostgreSQL. Its parts, one port each, share tables and a writer.

import { Kysely, sql, type SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Ledger } from '../../ports/ledger.ts'
import { NewerCordon } from '../sqlite/newer-cordon.ts'
import { type Commit, commitHere } from './commit.ts'
import { ledgerChanges } from './ledger-changes.ts'
import * as first from './migrations/001-first.ts'
import * as appPasswords from './migrations/002-app-passwords.ts'
import * as pastLeases from './migrations/003-past-leases.ts'
import * as records from './migrations/004-records.ts'
import * as incidentOpened from './migrations/005-incident-opened.ts'
import * as changesTable from './migrations/006-changes.ts'
import * as recordRevs from './migrations/007-record-revs.ts'
import * as listed from './migrations/008-listed.ts'
import * as words from './migrations/009-words.ts'
import * as leaseSessions from './migrations/010-lease-sessions.ts'
import * as addresses from './migrations/011-addresses.ts'
import * as leaseSessionKeys from './migrations/012-lease-session-keys.ts'
import { type OwedOptions, owedWrites } from './owed-writes.ts'
import { sqlAccounts } from './sql-accounts.ts'
import { sqlAudit } from './sql-audit.ts'
import { sqlCases } from './sql-cases.ts'
import { sqlCustomers } from './sql-customers.ts'
import { sqlLeaseRows } from './sql-lease-rows.ts'
import { sqlNotices } from './sql-notices.ts'
import { sqlRecords } from './sql-records.ts'
import type { LedgerTables } from './tables.ts'

const MIGRATIONS = {
  '001-first': first,
  '002-app-passwords': appPasswords,
  '003-past-leases': pastLeases,
  '004-records': records,
  '005-incident-opened': incidentOpened,
  '006-changes': changesTable,
  '007-record-revs': recordRevs,
  '008-listed': listed,
  '009-words': words,
  '010-lease-sessions': leaseSessions,
  '011-addresses': addresses,
  '012-lease-session-keys': leaseSessionKeys,
}

export type OpenLedgerOptions = Pick<Partial<OwedOptions>, 'trouble' | 'after'> & {
  /** Made when the tables are there; without it this thread writes, and waits for the disk. */
  readonly commitWith?: (() => Promise<Commit>) | undefined
  /** Called when the tables are those of today, before anything is read. */
  readonly migrated?: (() => void) | undefined
}

export async function openLedger(
  dialect: SqliteDialect,
  { commitWith, migrated, trouble = () => undefined, after }: OpenLedgerOptions = {},
): Promise<Ledger> {
  const db = new Kysely<LedgerTables>({ dialect })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  // What it met while it made its own tables leaves nothing to ask.
  if (error) throw (await isNewer(db).catch(() => false)) ? new NewerCordon('the ledger') : error
  migrated?.()
  const commit = (await commitWith?.()) ?? commitHere(db)
  try {
    return await serving(db, commit, { trouble, ...(after ? { after } : {}) })
  } catch (error) {
    // A row that cannot be read must not leave the thread behind.
    await commit.close()
    throw error
  }
}

async function serving(
  db: Kysely<LedgerTables>,
  commit: Commit,
  options: Pick<OwedOptions, 'trouble'> & Partial<Pick<OwedOptions, 'after'>>,
): Promise<Ledger> {
  const { changes, wake } = ledgerChanges(db, commit)
  const owed = owedWrites(commit, { ...options, written: wake })
  return {
    cases: await sqlCases(db, owed, wake),
    changes,
    notices: sqlNotices(db, commit),
    audit: sqlAudit(db, commit),
    customers: sqlCustomers(db),
    accounts: sqlAccounts(db),
    leaseRows: sqlLeaseRows(db, commit),
    records: sqlRecords(db, commit),
    close: async () => {
      await owed.close()
      await commit.close()
      await db.destroy()
    },
  }
}

/** Kysely calls a migration that it does not know a corruption, and has changed nothing then. */
async function isNewer(db: Kysely<LedgerTables>): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db)
  return rows.some(({ name }) => !Object.hasOwn(MIGRATIONS, name))
}
