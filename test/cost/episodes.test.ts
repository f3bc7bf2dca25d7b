// What an observation costs the evidence by episodes, in steps: the same however much was counted before, however many recipients a message
// has, and however many networks a login has used. Microseconds are bench/episodes.ts's.

import { steps } from './steps.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  MOST_NETWORKS,
  newRecord,
  type SubjectRecord,
} from '../../src/core/detection/episodes/state.ts'
import { type Observation, step } from '../../src/core/detection/episodes/step.ts'
import { ALLOWANCES } from '../../src/core/detection/episodes/tables.ts'
import { exit } from '../../src/core/detection/episodes/window/exits.ts'
import { acceptedQuietly, take } from '../../src/core/detection/episodes/window/take.ts'
import { DAY, MINUTE } from '../../src/model/duration.ts'

const AT = Date.UTC(2026, 0, 5)
const { person } = ALLOWANCES
/** A message judged spam from a new network weighs twelve classes, five times over. */
const MOST_OF_A_STEP = 2500
const MOST_OF_THE_WINDOW = 400

const message = (network: number, recipients = 1): Observation => ({
  kind: 'message',
  recipients,
  firstTimers: recipients,
  judged: 'spam',
  network,
})

/** A login after so many messages, each from another network. */
function after(messages: number): SubjectRecord {
  let record = newRecord('login', AT, person)
  for (let i = 0; i < messages; i++) record = step(record, [message(i + 1)], AT + i * MINUTE).state
  return record
}

test('a message costs the same after one and after five hundred', () => {
  const few = after(MOST_NETWORKS)
  const many = after(500)
  const at = AT + DAY / 2
  const before = steps(() => step(few, [message(7777)], at))
  const late = steps(() => step(many, [message(7777)], at))
  assert.ok(late <= before * 1.5, `${before}, then ${late}`)
  assert.ok(late <= MOST_OF_A_STEP, `${late} steps`)
})

test('a message to a thousand costs no more than one to two', () => {
  const record = after(3)
  const two = steps(() => step(record, [message(1, 2)], AT + DAY / 2))
  const many = steps(() => step(record, [message(1, 1000)], AT + DAY / 2))
  assert.ok(many <= two * 1.2, `${two}, then ${many}`)
})

test('an episode that begins after weeks, and learns, costs no more than twice one that goes on', () => {
  const record = after(100)
  const goesOn = steps(() => step(record, [message(5)], AT + DAY / 2))
  const begins = steps(() => step(record, [message(5)], AT + 30 * DAY))
  assert.ok(begins <= goesOn * 2, `${goesOn}, then ${begins}`)
})

test('the window takes, accepts and lets out in a bounded number of steps', () => {
  const record = after(500)
  const at = AT + DAY / 2
  const asked = { bucket: 'spam-to-new', units: 1, judgedSpam: true } as const
  const waits = { ...asked, since: AT, waiting: 500, size: 1, messageLeft: false }
  const costs = {
    take: steps(() => take([record], asked, person, at)),
    exit: steps(() => exit([record], waits, person, at)),
    accepted: steps(() => acceptedQuietly(record, { domain: 3, large: true }, person, at)),
  }
  for (const [what, cost] of Object.entries(costs))
    assert.ok(cost <= MOST_OF_THE_WINDOW, `${what}: ${cost}`)
})
