// A ledger that takes nothing: an order that cannot be written down is not done.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../src/model/duration.ts'
import { StoreUnavailable } from '../../src/model/errors.ts'
import type { UncheckedOrder } from '../../src/model/order.ts'
import { BEGUN } from '../../src/ports/audit.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import { memoryLedger, virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { annasHome } from '../support/annas-home.ts'
import { ANNA, START } from '../support/annas-trouble.ts'

const STAFF = { kind: 'staff', name: 'eve' } as const
const full = () => Promise.reject(new StoreUnavailable('database or disk is full'))

const isolation = (hours: number, decision = 'isolate'): UncheckedOrder => ({
  kind: 'impose',
  subject: ANNA,
  decision,
  hours,
  why: 'a test',
  letter: false,
})

async function withLedger(change: (ledger: Ledger) => Ledger) {
  const ledger = await memoryLedger()
  const cordon = await virtualCordon({
    ...annasHome,
    ledger: change(ledger),
    now: () => START,
  })
  const give = (order: UncheckedOrder, at = START) =>
    cordon.engine.command({ order, actor: STAFF, at })
  return { cordon, ledger, give }
}

test('what cannot be written into the audit is refused, and nothing changes', async () => {
  const { cordon, give } = await withLedger(ledger => ({
    ...ledger,
    audit: { ...ledger.audit, begin: full },
  }))
  const answer = await give(isolation(48))
  assert.equal(answer.done, false)
  assert.equal(!answer.done && answer.unavailable, true)
  assert.match(answer.text, /cannot be written into the audit, so nothing was done/)
  await cordon.engine.idle()
  assert.deepEqual(cordon.ledger.cases.allInForce(), [])
  assert.deepEqual(cordon.network(), [])
  await cordon.close()
})

test('a ledger that is full in the middle of it: the audit has the order, and the answer says what may be in force', async () => {
  const { cordon, give, ledger } = await withLedger(ledger => ({
    ...ledger,
    cases: { ...ledger.cases, saveCase: full },
    audit: { ...ledger.audit, end: full },
  }))
  const answer = await give(isolation(48))
  assert.equal(!answer.done && answer.unavailable, true)
  assert.match(answer.text, /look before you give the order again.*but not what came of it/)
  const [row] = await ledger.audit.list(1)
  assert.deepEqual([row?.actor, row?.order, row?.text], ['staff eve', 'impose', BEGUN])
  await cordon.close()
})

test('of two decisions of a kind the last one counts, also when it is shorter, and what was in force is said', async () => {
  const { cordon, give } = await withLedger(ledger => ledger)
  assert.match((await give(isolation(48))).text, /Nothing was in force before\./)
  const second = await give(isolation(1), START + HOUR)
  assert.match(
    second.text,
    /In force before: isolate until 2026-01-07T00:00:00Z by staff, which this replaces\./,
  )
  assert.match(
    (await give(isolation(24, 'hold'), START + HOUR)).text,
    /In force before: isolate until 2026-01-05T02:00:00Z by staff\./,
  )
  await cordon.engine.idle()
  const inForce = cordon.ledger.cases.inForce(ANNA)
  assert.deepEqual(
    inForce.map(({ kind, until }) => [kind, until]),
    [
      ['isolate', START + 2 * HOUR],
      ['hold', START + 25 * HOUR],
    ],
  )
  assert.deepEqual(
    cordon.network().map(({ state, until }) => [state, until]),
    [['isolated', START + 2 * HOUR]],
  )
  // What contains is over first: the case is what the hold makes of it, and in probation when that is over.
  await cordon.engine.chores.deadlines(START + 2 * HOUR)
  assert.equal(cordon.ledger.cases.open(ANNA)?.status, 'held')
  await cordon.engine.chores.deadlines(START + 25 * HOUR)
  assert.equal(cordon.ledger.cases.open(ANNA)?.status, 'probation')
  assert.deepEqual(cordon.ledger.cases.inForce(ANNA), [])
  await cordon.engine.idle()
  await cordon.close()
})
