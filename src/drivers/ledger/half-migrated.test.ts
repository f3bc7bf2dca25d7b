// A first start, or an upgrade, that is ended in the middle: all of it happened, or nothing.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { openLedger } from './ledger-sql.ts'

test('wherever a disk is full while the tables are made, the next start makes them', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-half-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  let refused = 0
  for (let pages = 4; pages < 80; pages += 3) {
    const path = join(folder, `${pages}.db`)
    const small = openSqlite(path)
    small.exec(`PRAGMA max_page_count = ${pages}`)
    const first = await openLedger(nodeSqliteDialect(small)).catch((error: unknown) => error)
    if (first instanceof Error) {
      refused++
      assert.match(first.message, /full/)
    }
    small.close()
    const second = await openLedger(nodeSqliteDialect(openSqlite(path)))
    assert.deepEqual(await second.customers.subscribers(), [])
    await second.close()
  }
  assert.ok(refused > 3, 'the disk was never full')
})
