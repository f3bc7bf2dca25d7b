import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { ownedRecords } from './ledger-records.ts'
import { openLedger } from './ledger-sql.ts'

type Wish = { readonly id: string; readonly subscriber: string; readonly what: string }

test('records are found by whose they are, also when they change hands, and after a restart', async t => {
  const ledger = await openLedger(nodeSqliteDialect(openSqlite(':memory:')))
  t.after(() => ledger.close())
  const wishes = await ownedRecords<Wish>(ledger, 'wish')
  await wishes.put({ id: 'w1', subscriber: 'anna', what: 'a' })
  await wishes.put({ id: 'w2', subscriber: 'anna', what: 'b' })
  await wishes.put({ id: 'w1', subscriber: 'anna', what: 'c' })
  await wishes.put({ id: 'w3', subscriber: 'bert', what: 'd' })
  const whatOf = (records: typeof wishes, who: string) =>
    records
      .of(who)
      .map(({ what }) => what)
      .toSorted()
  assert.deepEqual(whatOf(wishes, 'anna'), ['b', 'c'])
  await wishes.put({ id: 'w3', subscriber: 'anna', what: 'd' })
  await wishes.remove('w2')
  for (const records of [wishes, await ownedRecords<Wish>(ledger, 'wish')]) {
    assert.deepEqual(whatOf(records, 'anna'), ['c', 'd'])
    assert.deepEqual(whatOf(records, 'bert'), [])
    assert.equal([...records.all()].length, 2)
  }
})
