// A store that cannot be opened, found out only half-way: it says one sentence and leaves neither files nor threads open.

import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { folderOf, owned } from '../support/owned.ts'

/** Threads and timers of this process, and its files in the folder. */
function held(folder: string): readonly string[] {
  const files = readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(folder) ? [path] : []
    } catch {
      return []
    }
  })
  const others = process.getActiveResourcesInfo().filter(kind => kind !== 'FSReqPromise')
  return [...files, ...others].toSorted()
}

async function leavesNothing(
  t: TestContext,
  furnish: (folder: string) => unknown,
  open: (folder: string) => Promise<unknown>,
): Promise<string> {
  const folder = folderOf(t)
  await furnish(folder)
  const before = held(folder)
  const words = await open(folder).then(
    () => assert.fail('it was opened'),
    (error: Error) => error.message,
  )
  assert.deepEqual(held(folder), before)
  assert.doesNotMatch(words, /\n/)
  return words
}

function database(path: string, sql: string): void {
  const opened = new DatabaseSync(path)
  opened.exec(sql)
  opened.close()
}

test('a queue with a table that is not ours: the writer cannot make it newer', async t => {
  const words = await leavesNothing(
    t,
    folder => database(join(folder, 'spool.db'), 'CREATE TABLE message (id TEXT)'),
    folder => openSpool({ folder }),
  )
  assert.match(words, /the queue is damaged .*no such column/)
})

test('a queue whose folder for bodies is a file: both threads are up by then', async t => {
  const words = await leavesNothing(
    t,
    async folder => {
      const spool = await owned(t, openSpool({ folder }))
      await spool.close()
      rmSync(join(folder, 'bodies'), { recursive: true })
      writeFileSync(join(folder, 'bodies'), '')
    },
    folder => openSpool({ folder }),
  )
  assert.match(words, /EEXIST.*bodies/)
})

test('a ledger that cannot be made newer', async t => {
  const words = await leavesNothing(
    t,
    folder => database(join(folder, 'ledger.db'), 'CREATE TABLE subscribers (id TEXT)'),
    folder => openLedgerFile(join(folder, 'ledger.db')),
  )
  assert.match(words, /ledger\.db is damaged .*subscribers/)
})

test('a ledger beside whose file a folder is in the way', async t => {
  const words = await leavesNothing(
    t,
    folder => mkdirSync(join(folder, 'ledger.db-wal')),
    folder => openLedgerFile(join(folder, 'ledger.db')),
  )
  assert.match(words, /ledger\.db-wal is no file/)
})

test('counters that cannot be set aside', async t => {
  const words = await leavesNothing(
    t,
    folder => mkdirSync(join(folder, 'counters.db')),
    folder => openCounters(join(folder, 'counters.db')),
  )
  assert.match(words, /counters\.db is no file/)
})

for (const [what, furnish] of [
  ['that are something else', path => writeFileSync(path, 'hello '.repeat(9999))],
  ['with tables that are not ours', path => database(path, 'CREATE TABLE sum_row (a)')],
  [
    'with rows that are not ours',
    path =>
      database(
        path,
        "CREATE TABLE sum_row (key INTEGER PRIMARY KEY, numbers BLOB NOT NULL); INSERT INTO sum_row VALUES (1, x'616263')",
      ),
  ],
] as const satisfies readonly (readonly [string, (path: string) => void])[])
  test(`counters ${what} are set aside and begin anew`, async t => {
    const folder = folderOf(t)
    const path = join(folder, 'counters.db')
    furnish(path)
    const size = statSync(path).size
    const before = held(folder)
    const counters = await owned(t, openCounters(path))
    await counters.close()
    assert.match(
      counters.begunAnew ?? '',
      /counters\.db is damaged .* set aside as .*damaged-\d{4}-/,
    )
    assert.deepEqual(held(folder), before)
    const aside = readdirSync(folder).filter(name => /\.damaged-[\dT-]+$/.test(name))
    assert.deepEqual(
      aside.map(name => statSync(join(folder, name)).size >= size),
      [true],
    )
    const again = await owned(t, openCounters(path, { inUse: true }))
    assert.equal(again.begunAnew, undefined)
    await again.close()
  })
