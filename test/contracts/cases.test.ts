// What every store of cases must do.

import assert from 'node:assert/strict'
import { DAY } from '../../src/model/duration.ts'
import { EVIDENCE_KEPT } from '../../src/ports/cases.ts'
import { AT, CASE, ISOLATED, saveCase, withLedgers } from '../support/ledgers.ts'

const ANNA = 'line:anna' as const
const unit = (n: number) => ({
  id: `u${n}`,
  subject: ANNA,
  at: AT + n,
  nats: 1,
  kinds: [],
  cell: 'x',
  why: `unit ${n}`,
  sum: n,
  forgotten: 0,
  incident: 'i1',
})

withLedgers('what was saved stands, and is the same after a restart', async ({ ledger, again }) => {
  const contained = { ...CASE, status: 'contained', sum: 9, moved: 3 } as const
  await saveCase(ledger, contained, { decisions: [ISOLATED], evidence: [unit(1)] })
  for (const look of [async () => ledger, again]) {
    const { cases } = await look()
    assert.deepEqual(cases.open(ANNA), { ...contained, rev: 1 })
    assert.deepEqual([cases.rev(ANNA), cases.moved(ANNA), cases.epoch(ANNA)], [1, 3, 0])
    assert.deepEqual(cases.inForce(ANNA), [ISOLATED])
    assert.deepEqual(cases.allInForce(), [ISOLATED])
    assert.deepEqual(cases.openCases(), [{ ...contained, rev: 1 }])
    assert.deepEqual(await cases.decisions('i1'), [ISOLATED])
    assert.deepEqual(await cases.evidence(ANNA, 10), [unit(1)])
  }
})

withLedgers('a subject without a case has nothing', async ({ ledger: { cases } }) => {
  assert.equal(cases.open(ANNA), undefined)
  assert.deepEqual([cases.rev(ANNA), cases.moved(ANNA), cases.epoch(ANNA)], [0, 0, 0])
  assert.deepEqual(
    [cases.inForce(ANNA), cases.openCases(), await cases.incidents({})],
    [[], [], []],
  )
})

withLedgers('who has not read the last change saves nothing', async ({ ledger }) => {
  const { cases } = ledger
  await saveCase(ledger, CASE)
  const change = { incident: { ...CASE, sum: 5 }, decisions: [ISOLATED], evidence: [], notices: [] }
  for (const expectedRev of [0, 2])
    assert.equal(await cases.saveCase({ ...change, expectedRev }), 'stale')
  assert.deepEqual([cases.open(ANNA)?.sum, cases.inForce(ANNA)], [0, []])
  assert.deepEqual(await cases.decisions('i1'), [])
})

withLedgers('of changes at the same time one is saved', async ({ ledger }) => {
  const { cases } = ledger
  await saveCase(ledger, CASE)
  const change = { expectedRev: 1, incident: CASE, decisions: [], evidence: [], notices: [] }
  const answers = await Promise.all([1, 2, 3].map(() => cases.saveCase(change)))
  assert.ok(answers.filter(one => one === 'saved').length <= 1, answers.join())
  assert.equal(cases.rev(ANNA), answers.includes('saved') ? 2 : 1)
})

withLedgers('contained without anything that contains is not kept', async ({ ledger }) => {
  const contained = { ...CASE, status: 'contained' } as const
  await assert.rejects(saveCase(ledger, contained), /nothing would enforce it/)
  await assert.rejects(
    saveCase(ledger, contained, { decisions: [{ ...ISOLATED, endedAt: AT, endedBy: 'staff' }] }),
    /nothing would enforce it/,
  )
  const endless = { ...ISOLATED, until: Number.NaN }
  await assert.rejects(saveCase(ledger, contained, { decisions: [endless] }), /not kept/)
  assert.deepEqual(await ledger.cases.incidents({}), [])
})

withLedgers('a release ends the case and begins another sum', async ({ ledger, again }) => {
  await saveCase(ledger, { ...CASE, status: 'contained' }, { decisions: [ISOLATED] })
  const over = { ...ISOLATED, endedAt: AT + 1, endedBy: 'staff' } as const
  const closed = { ...CASE, status: 'closed', epoch: 1, changedAt: AT + 1 } as const
  await saveCase(ledger, closed, { decisions: [over] })
  for (const look of [async () => ledger, again]) {
    const { cases } = await look()
    assert.equal(cases.open(ANNA), undefined)
    assert.deepEqual([cases.inForce(ANNA), cases.allInForce()], [[], []])
    assert.deepEqual([cases.epoch(ANNA), cases.rev(ANNA)], [1, 2])
    assert.deepEqual(await cases.decisions('i1'), [over])
  }
})

withLedgers('cases are listed, the newest first, in pages', async ({ ledger }) => {
  for (let i = 0; i < 6; i++) {
    const openedAt = AT + Math.floor(i / 2) * DAY
    const of = {
      id: `i${i}`,
      caseCode: `C${i}`,
      subject: `line:c${i}`,
      subscriber: `c${i % 3}`,
    } as const
    await saveCase(ledger, { ...CASE, ...of, openedAt, status: i === 0 ? 'closed' : 'watched' })
  }
  const ids = async (filter: Parameters<typeof ledger.cases.incidents>[0]) =>
    (await ledger.cases.incidents(filter)).map(({ id }) => id)
  assert.deepEqual(await ids({}), ['i5', 'i4', 'i3', 'i2', 'i1', 'i0'])
  assert.deepEqual(await ids({ limit: 2 }), ['i5', 'i4'])
  assert.deepEqual(await ids({ limit: 2, after: { id: 'i4', openedAt: AT + 2 * DAY } }), [
    'i3',
    'i2',
  ])
  assert.deepEqual(await ids({ open: false }), ['i0'])
  assert.deepEqual(await ids({ subscriber: 'c1', open: true }), ['i4', 'i1'])
  assert.deepEqual([await ids({ id: 'i2' }), await ids({ caseCode: 'C3' })], [['i2'], ['i3']])
  assert.equal(await ledger.cases.countIncidents({ open: true }), 5)
  assert.deepEqual(await ids({ subject: 'line:c2' }), ['i2'])
})

withLedgers('cases with a decision in force are found among many', async ({ ledger }) => {
  await saveCase(ledger, { ...CASE, status: 'contained' }, { decisions: [ISOLATED] })
  for (let i = 0; i < 5; i++) {
    const of = { id: `w${i}`, caseCode: `W${i}`, subject: `line:w${i}` } as const
    await saveCase(ledger, { ...CASE, ...of, openedAt: AT + DAY })
  }
  const { incidents, countIncidents } = ledger.cases
  const found = async () => (await incidents({ inForce: true, limit: 1 })).map(({ id }) => id)
  assert.deepEqual(await found(), ['i1'])
  assert.equal(await countIncidents({ inForce: true }), 1)
  const over = { ...ISOLATED, endedAt: AT + 1, endedBy: 'staff' } as const
  await saveCase(ledger, { ...CASE, status: 'watched' }, { decisions: [over] })
  assert.deepEqual(await found(), [])
})

withLedgers('of evidence the newest units are kept', async ({ ledger }) => {
  const units = Array.from({ length: EVIDENCE_KEPT + 5 }, (_, i) => unit(i))
  await saveCase(ledger, CASE, { evidence: units })
  const kept = await ledger.cases.evidence(ANNA, 1000)
  assert.deepEqual(kept, units.slice(5))
  assert.deepEqual(await ledger.cases.evidence(ANNA, 2), units.slice(-2))
})
