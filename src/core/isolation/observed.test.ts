import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision, DecisionKind } from '../../model/decision.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import { observed } from './observed.ts'

const AT = Date.UTC(2026, 0, 5, 12)
const OPEN: Incident = {
  id: 'i',
  rev: 1,
  caseCode: 'K',
  subject: 'line:anna',
  status: 'watched',
  openedAt: AT,
  changedAt: AT,
  sum: 3,
  holdAt: 5,
  containAt: 9,
  kinds: ['network'],
  epoch: 0,
  summary: 'a scan',
}
const decision = (kind: DecisionKind, by: Decision['by'] = 'evidence'): Decision => ({
  id: `${kind} by ${by}`,
  incident: 'i',
  subject: 'line:anna',
  kind,
  at: AT,
  until: AT + HOUR,
  by,
})

/** Evidence isolates the line, and ends the hold in force. */
const isolated = (incident: Incident | undefined, inForce: readonly Decision[], at = AT) =>
  observed(
    {
      incident: { ...OPEN, status: 'contained', decision: 'isolate', sum: 12 },
      opened: incident === undefined,
      changed: true,
      decisions: [decision('isolate')],
      ended: inForce.map(one => ({ ...one, endedAt: at, endedBy: 'stronger' })),
    },
    { incident, inForce },
    at,
  )

test('a case is opened and its sum moves, nothing is decided, and it is told', () => {
  for (const before of [undefined, OPEN]) {
    const { advanced, tells } = isolated(before, [])
    assert.equal(tells, 'isolate')
    assert.deepEqual([advanced.decisions, advanced.ended], [[], []])
    const { status, sum, summary, decision: kind } = advanced.incident
    assert.deepEqual([status, sum, kind], ['watched', 12, undefined])
    assert.equal(summary, 'a scan; it would be decided: isolate (evidence.mode: observe)')
  }
})

test('it is told once a day, and at once when it would be another', () => {
  const first = isolated(OPEN, []).advanced.incident
  const again = isolated(first, [], AT + HOUR)
  assert.equal(again.tells, undefined)
  assert.equal(again.advanced.changed, false)
  assert.equal(again.advanced.incident.summary, first.summary)
  assert.equal(isolated(first, [], AT + DAY).tells, 'isolate')
  const held = { ...first, observed: { what: 'hold', at: AT } } as const
  assert.equal(isolated(held, [], AT + HOUR).tells, 'isolate')
})

test('what staff decided goes on, and may last longer', () => {
  const staff = decision('hold', 'staff')
  const before = { ...OPEN, status: 'held', decision: 'hold' } as const
  const { advanced } = isolated(before, [staff])
  assert.deepEqual([advanced.incident.status, advanced.incident.decision], ['held', 'hold'])
  assert.deepEqual(advanced.ended, [])
  const longer = { ...staff, until: AT + DAY }
  const moved = observed(
    { incident: before, opened: false, changed: false, decisions: [longer], ended: [] },
    { incident: before, inForce: [staff] },
    AT,
  )
  assert.deepEqual(moved.advanced.decisions, [longer])
  assert.equal(moved.tells, undefined)
})
