import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../model/duration.ts'
import type { Decision, DecisionKind } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import { imposed } from './impose.ts'

const AT = Date.UTC(2026, 0, 5, 12)
const NEW = {
  id: 'i',
  rev: 0,
  caseCode: 'K',
  subject: 'line:anna',
  openedAt: AT,
  sum: 0,
  holdAt: 0,
  containAt: 0,
  kinds: [],
  epoch: 0,
} as const
const decision = (kind: DecisionKind): Decision => ({
  id: kind,
  incident: 'i',
  subject: 'line:anna',
  kind,
  at: AT,
  until: AT + HOUR,
  by: 'staff',
})

/** Staff decide these, one after the other, each with its name as the reason. */
function after(...kinds: readonly DecisionKind[]): readonly unknown[] {
  let file: Incident | undefined
  const inForce: Decision[] = []
  for (const kind of kinds) {
    file = imposed(file ?? NEW, decision(kind), inForce, `because of ${kind}`)
    inForce.push(decision(kind))
  }
  return [file?.status, file?.decision, file?.summary]
}

test('the case says what the strongest decision in force is, and why that was made', () => {
  assert.deepEqual(after('isolate', 'hold'), ['contained', 'isolate', 'because of isolate'])
  assert.deepEqual(after('hold', 'isolate'), ['contained', 'isolate', 'because of isolate'])
  assert.deepEqual(after('suspend', 'isolate'), ['contained', 'suspend', 'because of suspend'])
  assert.deepEqual(after('isolate', 'suspend'), ['contained', 'suspend', 'because of suspend'])
  assert.deepEqual(after('redirect-25', 'watch'), [
    'watched',
    'redirect-25',
    'because of redirect-25',
  ])
  assert.deepEqual(after('hold', 'watch'), ['held', 'hold', 'because of hold'])
})

test('one of the same kind replaces it, with its reason', () => {
  const first = imposed(NEW, decision('isolate'), [], 'worm')
  assert.equal(imposed(first, decision('isolate'), [], 'two worms').summary, 'two worms')
})

test('what was seen stays behind a decision by hand, and behind the next; a release hides no trap', () => {
  const trap = 'message to an address that belongs to no person (a trap)'
  const seen = { ...NEW, kinds: ['recipients'], summary: trap } as const
  const first = imposed(seen, decision('isolate'), [], 'a test')
  assert.equal(first.summary, `a test; before that: ${trap}`)
  const second = imposed(first, decision('isolate'), [], 'second')
  assert.equal(second.summary, `second; before that: ${trap}`)
  const opened = { ...NEW, kinds: ['content'], summary: '' } as const
  assert.equal(imposed(opened, decision('hold'), [], 'mail waits').summary, 'mail waits')
  const released = { ...seen, kinds: [] }
  assert.equal(imposed(released, decision('isolate'), [], 'x').summary, `x; before that: ${trap}`)
})
