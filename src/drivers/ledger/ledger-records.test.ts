import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { StoreUnavailable } from '../../model/errors.ts'
import type { RecordRows } from '../../ports/records.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { ledgerRecords, ownedRecords } from './ledger-records.ts'
import { openLedger } from './ledger-sql.ts'

type Note = { readonly id: string; readonly subscriber: string; readonly what: string }
type Tally = { readonly id: string; readonly n: number }

async function rowsOf(t: TestContext): Promise<RecordRows> {
  const ledger = await openLedger(nodeSqliteDialect(openSqlite(':memory:')))
  t.after(() => ledger.close())
  return ledger.records
}

const more = (now: Tally | undefined): Tally => ({ id: 'x', n: (now?.n ?? 0) + 1 })

test('records are found by whose they are, also when they change hands, and after a restart', async t => {
  const rows = await rowsOf(t)
  const notes = await ownedRecords<Note>(rows, 'note')
  const put = (one: Note) => notes.change(one.id, () => one)
  await put({ id: 'w1', subscriber: 'anna', what: 'a' })
  await put({ id: 'w2', subscriber: 'anna', what: 'b' })
  await put({ id: 'w1', subscriber: 'anna', what: 'c' })
  await put({ id: 'w3', subscriber: 'bert', what: 'd' })
  const whatOf = (records: typeof notes, who: string) =>
    records
      .of(who)
      .map(({ what }) => what)
      .toSorted()
  assert.deepEqual(whatOf(notes, 'anna'), ['b', 'c'])
  await put({ id: 'w3', subscriber: 'anna', what: 'd' })
  await notes.change('w2', () => 'gone')
  for (const records of [notes, await ownedRecords<Note>(rows, 'note')]) {
    assert.deepEqual(whatOf(records, 'anna'), ['c', 'd'])
    assert.deepEqual(whatOf(records, 'bert'), [])
    assert.equal([...records.all()].length, 2)
  }
})

test('two nodes change one record at the same time: each change is there, on both', async t => {
  const rows = await rowsOf(t)
  const one = await ledgerRecords<Tally>(rows, 'n')
  const other = await ledgerRecords<Tally>(rows, 'n')
  const changes = Array.from({ length: 20 }, (_, i) =>
    (i % 2 === 0 ? one : other).change('x', more),
  )
  assert.equal(one.get('x')?.n, 10, 'what a node has said itself is in force at once')
  await Promise.all(changes)
  assert.equal((await ledgerRecords<Tally>(rows, 'n')).get('x')?.n, 20)
})

test('what another node has decided meanwhile stands, and nothing is made of it', async t => {
  const rows = await rowsOf(t)
  const [one, other] = [
    await ledgerRecords<Tally>(rows, 'n'),
    await ledgerRecords<Tally>(rows, 'n'),
  ]
  const first = (now: Tally | undefined) => (now ? undefined : { id: 'x', n: 1 })
  assert.deepEqual(await one.change('x', first), { id: 'x', n: 1 })
  assert.equal(await other.change('x', first), undefined)
  assert.deepEqual(other.get('x'), { id: 'x', n: 1 })
  // Gone and made anew is another one.
  await one.change('x', () => 'gone')
  await one.change('x', () => ({ id: 'x', n: 7 }))
  assert.equal((await other.change('x', more))?.n, 8)
  assert.equal(await one.change('y', () => 'gone'), undefined)
})

test('a change that the disk refuses is told, and what is on the disk is in force again', async t => {
  const rows = await rowsOf(t)
  let full = false
  let halfDone = false
  const records = await ledgerRecords<Tally>(
    {
      ...rows,
      put: async record => {
        if (!full || halfDone) await rows.put(record)
        if (full) throw new StoreUnavailable('the disk is full')
        return rows.get(record.kind, record.id).then(row => row?.rev ?? 0)
      },
    },
    'n',
  )
  await records.change('x', more)
  full = true
  const refused = [records.change('x', more), records.change('x', more)]
  assert.equal(records.get('x')?.n, 3)
  for (const one of refused) await assert.rejects(one, /full/)
  assert.equal(records.get('x')?.n, 1)
  // Whether it was done could not be said, and it was.
  halfDone = true
  await assert.rejects(records.change('x', more), /full/)
  assert.equal(records.get('x')?.n, 2)
  full = false
  assert.equal((await records.change('x', more))?.n, 3)
})
