// A full disk ends the transaction in SQLite itself: what is told is that, and not that there was nothing to roll back any more.

import assert from 'node:assert/strict'
import { Kysely, sql } from 'kysely'
import { test } from 'node:test'
import { openSqlite } from './open-sqlite.ts'
import { nodeSqliteDialect } from './sqlite-dialect.ts'
import { liesInFile } from './store-problem.ts'

test('the error that ended a transaction is the one that is told', async t => {
  const db = new Kysely<object>({ dialect: nodeSqliteDialect(openSqlite(':memory:')) })
  t.after(() => db.destroy())
  const full = Object.assign(new Error('database or disk is full'), { errcode: 13 })
  const failed = await db
    .transaction()
    .execute(async trx => {
      // As SQLite does when it cannot keep the transaction.
      await sql`ROLLBACK`.execute(trx)
      throw full
    })
    .catch((error: unknown) => error)
  assert.equal(failed, full)
  assert.equal(liesInFile(failed), false)
})

test('a transaction that is not over is rolled back', async t => {
  const db = new Kysely<{ a: { n: number } }>({
    dialect: nodeSqliteDialect(openSqlite(':memory:')),
  })
  t.after(() => db.destroy())
  await sql`CREATE TABLE a (n INTEGER)`.execute(db)
  const failing = db.transaction().execute(async trx => {
    await trx.insertInto('a').values({ n: 1 }).execute()
    throw new Error('no')
  })
  await assert.rejects(failing, /no/)
  assert.deepEqual(await db.selectFrom('a').selectAll().execute(), [])
})
