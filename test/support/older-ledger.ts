// A ledger as an earlier Cordon has left it.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { openSqlite } from '../../src/drivers/sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../../src/drivers/sqlite/sqlite-dialect.ts'

const STEPS = join(import.meta.dirname, '../../src/drivers/ledger/migrations')

/** With the tables of its time: after so many steps. Its path. */
export async function olderLedger(t: TestContext, steps: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-ledger-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'ledger.db')
  const db = new Kysely<unknown>({ dialect: nodeSqliteDialect(openSqlite(path)) })
  const migrations: Record<string, Migration> = {}
  for (const file of readdirSync(STEPS).toSorted().slice(0, steps))
    migrations[file.replace('.ts', '')] = (await import(join(STEPS, file))) as Migration
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  assert.equal(error, undefined)
  await db.destroy()
  return path
}
