// A ledger whose tables are not those that it says it has: one sentence with what to do, and nothing is lost.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { owned } from '../../../test/support/owned.ts'
import { openLedgerFile } from './ledger-file.ts'
import { ledgerRecords } from './ledger-records.ts'

for (const [damage, why] of [
  ['DROP TABLE leases', 'without its tables leases'],
  ['DROP TABLE records', 'without its tables records'],
  ['ALTER TABLE notices DROP COLUMN body', 'without its columns notices.body'],
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

const ROWS = {
  subscribers: "INSERT INTO subscribers VALUES ('10017', BODY)",
  incidents:
    "INSERT INTO incidents (id, subject, open, epoch, changed_at, opened_at, case_code, body) VALUES ('10017', 's', 1, 1, 1, 1, 'C', BODY)",
  decisions: "INSERT INTO decisions VALUES ('10017', 'i', 's', 0, 1, BODY)",
} as const

for (const [table, body, why] of [
  ['incidents', '[', 'Unexpected end of JSON input'],
  ['decisions', '{}', 'without id'],
] as const)
  test(`a row of ${table} that is ${body}: damage of the ledger, with its row, and no thread is left`, async t => {
    const path = await withRow(t, table, body)
    const { length } = readdirSync('/proc/self/task')
    await assert.rejects(openLedgerFile(path), (error: Error) => {
      assert.ok(error.message.startsWith(`${path} is damaged (row "10017" of its table ${table}: `))
      assert.ok(error.message.includes(why), error.message)
      return true
    })
    assert.equal(readdirSync('/proc/self/task').length, length)
  })

test('a row that is read later: damage of the ledger, with its row', async t => {
  const path = await withRow(t, 'subscribers', '["id":"10017"}')
  const ledger = await owned(t, openLedgerFile(path))
  await assert.rejects(
    ledger.customers.subscribers(),
    /^DamagedRow: the ledger is damaged \(row "10017" of its table subscribers: .*\)\. docs\/operations\.md/,
  )
  const body = '{'
  await ledger.records.put({ kind: 'boot', id: 'last', body, expectedRev: 0 })
  await assert.rejects(
    ledgerRecords(ledger.records, 'boot'),
    /^DamagedRow: the ledger is damaged \(row "last" of its table records: /,
  )
  await assert.rejects(
    ledger.records.get('boot', 'last'),
    /^DamagedRow: the ledger is damaged \(row "last" of its table records: /,
  )
})

async function withRow(t: TestContext, table: keyof typeof ROWS, body: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-ledger-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'ledger.db')
  await (await owned(t, openLedgerFile(path))).close()
  const database = new DatabaseSync(path)
  database.exec(ROWS[table].replace('BODY', `'${body}'`))
  database.close()
  return path
}
