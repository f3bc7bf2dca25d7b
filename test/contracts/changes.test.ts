// What was saved is told to those who act on it, at least once and in order, or they are told to look at everything anew.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLedger } from '../../src/drivers/ledger/ledger-sql.ts'
import { openSqlite } from '../../src/drivers/sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../../src/drivers/sqlite/sqlite-dialect.ts'
import { memoryLedger } from '../../src/simulation/virtual/virtual-cordon.ts'
import type { Decision } from '../../src/model/decision.ts'
import { DAY, HOUR } from '../../src/model/duration.ts'
import type { Incident } from '../../src/model/incident.ts'
import { CHANGES_AT_ONCE, CHANGES_KEPT, CHANGES_MOST } from '../../src/ports/changes.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import { AT, CASE, ISOLATED, saveCase, withLedgers } from '../support/ledgers.ts'

const hold: Decision = { ...ISOLATED, kind: 'hold', until: AT + HOUR }

const save = (ledger: Ledger, change: Partial<Incident>, ...decisions: readonly Decision[]) =>
  saveCase(ledger, { ...CASE, ...change }, { decisions })

const words = (answer: Awaited<ReturnType<Ledger['changes']['since']>>) =>
  answer === 'resync'
    ? answer
    : answer.rows.map(row =>
        row.kind === 'case'
          ? `case ${row.incident.id} ${row.incident.status} ${row.incident.rev}`
          : `decision ${row.decision.id}${row.decision.endedAt === undefined ? '' : ' ended'}`,
      )

const after = async (ledger: Ledger, cursor: string) => words(await ledger.changes.since(cursor))

withLedgers(
  'what is saved behind a cursor is told as it was saved, and told again',
  async ({ ledger }) => {
    await save(ledger, {})
    const cursor = await ledger.changes.end()
    assert.deepEqual(await after(ledger, cursor), [])
    await save(ledger, { status: 'held' }, hold)
    await save(ledger, { status: 'probation' }, { ...hold, endedAt: AT + 1, endedBy: 'staff' })
    const told = ['case i1 held 2', 'decision d1', 'case i1 probation 3', 'decision d1 ended']
    for (let time = 0; time < 2; time++) assert.deepEqual(await after(ledger, cursor), told)
    const page = await ledger.changes.since(cursor)
    assert.ok(page !== 'resync')
    assert.deepEqual(await after(ledger, page.cursor), [])
    assert.equal(page.cursor, await ledger.changes.end())
  },
)

withLedgers('what is stale or refused is not told', async ({ ledger }) => {
  const cursor = await ledger.changes.end()
  await save(ledger, {})
  const whole = { incident: CASE, evidence: [], notices: [] }
  const endless = { ...hold, until: Number.NaN }
  await assert.rejects(ledger.cases.saveCase({ expectedRev: 1, decisions: [endless], ...whole }))
  assert.equal(
    await ledger.cases.saveCase({ expectedRev: 0, decisions: [hold], ...whole }),
    'stale',
  )
  assert.deepEqual(await after(ledger, cursor), ['case i1 watched 1'])
})

withLedgers(
  'who listens is called when it can be read, until it stops to listen',
  async ({ ledger }) => {
    const cursor = await ledger.changes.end()
    const called = Promise.withResolvers<void>()
    let calls = 0
    const stop = ledger.changes.onChange(() => {
      calls++
      called.resolve()
    })
    const saved = save(ledger, {})
    await called.promise
    assert.deepEqual(await after(ledger, cursor), ['case i1 watched 1'])
    await saved
    stop()
    await save(ledger, {})
    assert.equal(calls, 1)
  },
)

withLedgers('many come in pages, each once', async ({ ledger }) => {
  const cursor = await ledger.changes.end()
  const many = CHANGES_AT_ONCE + 3
  await Promise.all(
    Array.from({ length: many }, (_, i) =>
      save(ledger, { id: `i${i}`, subject: `line:c${i}`, changedAt: AT + i }),
    ),
  )
  const first = await ledger.changes.since(cursor)
  assert.ok(first !== 'resync')
  const second = await ledger.changes.since(first.cursor)
  assert.ok(second !== 'resync')
  assert.deepEqual([first.rows.length, second.rows.length], [CHANGES_AT_ONCE, 3])
  const ids = [...first.rows, ...second.rows].map(row => row.kind === 'case' && row.incident.id)
  assert.equal(new Set(ids).size, many)
})

withLedgers(
  'whoever comes when something was forgotten must resync, others go on',
  async ({ ledger }) => {
    const before = await ledger.changes.end()
    await save(ledger, { changedAt: AT })
    const between = await ledger.changes.end()
    await save(ledger, { changedAt: AT + DAY })
    assert.equal(await ledger.changes.forget(AT + CHANGES_KEPT), 0)
    assert.equal(await ledger.changes.forget(AT + CHANGES_KEPT + 1), 1)
    assert.equal(await after(ledger, before), 'resync')
    assert.deepEqual(await after(ledger, between), ['case i1 watched 2'])
    assert.equal(await ledger.changes.forget(AT + 2 * DAY + CHANGES_KEPT), 1)
    assert.equal(await after(ledger, between), 'resync')
    const end = await ledger.changes.end()
    assert.deepEqual(await after(ledger, end), [])
    await save(ledger, { changedAt: AT + 2 * DAY })
    assert.deepEqual(await after(ledger, end), ['case i1 watched 3'])
  },
)

withLedgers(
  'a cursor of another ledger, from its future or of no ledger is a resync',
  async ({ ledger }) => {
    const other = await memoryLedger()
    await save(ledger, {})
    const end = await ledger.changes.end()
    const later = end.replace(/\d+$/, n => `${Number(n) + 1}`)
    const wrong = [later, '', 'nonsense', '.', `${end}x`, end.replace(/\d+$/, '-1')]
    for (const cursor of [await other.changes.end(), ...wrong])
      assert.equal(await after(ledger, cursor), 'resync', cursor)
    await other.close()
  },
)
withLedgers('a cursor is good after a restart', async ({ ledger, again }) => {
  const cursor = await ledger.changes.end()
  await save(ledger, {}, hold)
  assert.deepEqual(await after(await again(), cursor), ['case i1 watched 1', 'decision d1'])
})

test('more than so many are not kept, however young they are', async () => {
  const database = openSqlite(':memory:')
  const ledger = await openLedger(nodeSqliteDialect(database))
  const cursor = await ledger.changes.end()
  await save(ledger, {})
  database.exec(`INSERT INTO changes (at, body) SELECT changes.at, changes.body FROM changes
  JOIN (WITH RECURSIVE i(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM i WHERE n < ${CHANGES_MOST}) SELECT n FROM i)`)
  assert.equal(await ledger.changes.forget(AT), 1)
  assert.equal(await ledger.changes.forget(AT), 0)
  assert.equal(words(await ledger.changes.since(cursor)), 'resync')
  await ledger.close()
})
