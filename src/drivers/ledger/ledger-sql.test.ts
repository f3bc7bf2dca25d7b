import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Decision, DECISIONS, LONGEST } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts'
import { openLedger } from './ledger-sql.ts'

const AT = Date.UTC(2026, 5, 1)
const ISOLATED: Decision = {
  id: 'd1',
  incident: 'i1',
  subject: 'line:anna',
  kind: 'isolate',
  at: AT,
  until: AT + DAY,
  by: 'staff',
}

const CASE: Incident = {
  id: 'i1',
  rev: 0,
  caseCode: 'K',
  subject: 'line:anna',
  subscriber: 'anna',
  status: 'watched',
  openedAt: AT,
  changedAt: AT,
  sum: 0,
  holdAt: 0,
  containAt: 0,
  kinds: [],
  epoch: 0,
  summary: '',
}

async function keep(ledger: Ledger, ...decisions: readonly Decision[]): Promise<void> {
  const kept = { expectedRev: ledger.cases.rev(CASE.subject), incident: CASE, decisions }
  assert.equal(await ledger.cases.saveCase({ ...kept, evidence: [], notices: [] }), 'saved')
}

test('a restriction without an end is not kept, nor what would be saved with it', async t => {
  const ledger = await openLedger(nodeSqliteDialect(openSqlite(':memory:')))
  t.after(() => ledger.close())
  const many = 'many' as unknown as number
  const tooLate = AT + LONGEST.isolate + 1
  for (const until of [Number.NaN, Number.POSITIVE_INFINITY, many, AT, AT - 1, tooLate])
    await assert.rejects(
      keep(ledger, { ...ISOLATED, id: 'd0' }, { ...ISOLATED, until }),
      /not kept: isolate/,
    )
  await assert.rejects(keep(ledger, { ...ISOLATED, at: Number.NaN }))
  assert.deepEqual(ledger.cases.allInForce(), [])
  assert.deepEqual(await ledger.cases.decisions('i1'), [])
})

test('what staff may decide, what evidence goes on moving, and the end of one that was wrong are kept', async t => {
  const ledger = await openLedger(nodeSqliteDialect(openSqlite(':memory:')))
  t.after(() => ledger.close())
  for (const kind of DECISIONS)
    await keep(ledger, { ...ISOLATED, id: kind, kind, until: AT + LONGEST[kind] })
  const moved: Decision = { ...ISOLATED, id: 'moved', by: 'evidence', until: AT + 400 * DAY }
  await keep(ledger, moved)
  // From before this was looked at.
  const over = { until: Number.NaN, endedAt: AT + DAY, endedBy: 'staff' } as const
  await keep(ledger, { ...ISOLATED, id: 'old', ...over })
  assert.equal((await ledger.cases.decisions('i1')).length, DECISIONS.length + 2)
})
