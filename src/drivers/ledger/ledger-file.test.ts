// A ledger whose tables are not those that it says it has: one sentence with what to do, and nothing is lost.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { owned } from '../../../test/support/owned.ts'
import { openLedgerFile } from './ledger-file.ts'

for (const [damage, why] of [
  ['DROP TABLE leases', 'without its tables leases'],
  ['DROP TABLE records', 'without its tables records'],
  ["DELETE FROM kysely_migration WHERE name LIKE '%records'", '.*'],
  ['DELETE FROM kysely_migration', '.*'],
] as const)
  test(`${damage}: said to be damaged`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-ledger-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'ledger.db')
    await (await owned(t, openLedgerFile(path))).close()
    const database = new DatabaseSync(path)
    database.exec(damage)
    database.close()
    await assert.rejects(openLedgerFile(path), {
      message: new RegExp(`^${path} is damaged \\(${why}\\)\\. docs/operations`),
    })
  })
