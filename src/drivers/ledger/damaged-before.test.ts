// A ledger of an earlier Cordon with a row that cannot be read: the steps to today's tables say which, and have changed nothing.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { owned } from '../../../test/support/owned.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { openLedgerFile } from './ledger-file.ts'

const STEPS = join(import.meta.dirname, 'migrations')
const INCIDENT =
  "INSERT INTO incidents (id, subject, open, epoch, changed_at, body) VALUES ('i1', 's', 1, 1, 1, BODY)"
const LEASE = "INSERT INTO leases VALUES ('main', '192.0.2.1/32', 0, 'kd1', 1, NULL, BODY)"
const CUSTOMER = "INSERT INTO subscribers VALUES ('kd1', BODY)"

for (const [steps, insert, body, why] of [
  [4, INCIDENT, '{"id":', 'row "i1" of its table incidents: .*JSON.*'],
  [4, INCIDENT, 'null', 'row "i1" of its table incidents: without id'],
  [4, INCIDENT, '{"id":"i1","subject":"s"}', 'row "i1" of its table incidents: without openedAt'],
  [
    4,
    INCIDENT,
    '{"id":"i1","subject":"s","openedAt":"x","caseCode":""}',
    'row "i1" of its table incidents: without openedAt',
  ],
  [
    4,
    INCIDENT,
    '{"id":"i1","subject":"s","openedAt":1}',
    'row "i1" of its table incidents: without caseCode',
  ],
  [9, LEASE, '{"session":', String.raw`row "\{\\"session\\":" of its table leases: it is no JSON`],
  [10, CUSTOMER, '["id"}', 'row "kd1" of its table subscribers: it is no JSON'],
] as const)
  test(`after step ${steps}, ${body}: damage of the ledger, with its row`, async t => {
    const path = await olderLedger(t, steps)
    const database = new DatabaseSync(path)
    database.exec(insert.replace('BODY', `'${body}'`))
    database.close()
    for (let start = 0; start < 2; start++)
      await assert.rejects(owned(t, openLedgerFile(path)), {
        message: new RegExp(String.raw`^${path} is damaged \(${why}\)\. docs/operations\.md says`),
      })
    const left = new DatabaseSync(path)
    t.after(() => left.close())
    const { made } = left.prepare('SELECT count(*) AS made FROM kysely_migration').get() ?? {}
    assert.equal(made, steps)
  })

/** With the tables of its time. */
async function olderLedger(t: TestContext, steps: number): Promise<string> {
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
