// What every counter store must do with token buckets: random sequences with clocks that jump, against an oracle that knows no store.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import type { Batch, Counted, TokensOp } from '../../src/model/counter.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { COUNTER_STORES } from '../support/counter-stores.ts'
import { folderOf, owned, owning } from '../support/owned.ts'
import { tokenOracle } from '../support/token-oracle.ts'

const AT = Date.UTC(2026, 0, 5)
const tokens = (cost: number, more: Partial<TokensOp> = {}): TokensOp => ({
  op: 'tokens',
  key: 'k:t',
  cost,
  cap: 4,
  perHour: 2,
  ...more,
})

type Answer = Exclude<Counted, { failed: string }>

function answered(counted: Counted): Answer {
  assert.ok(!('failed' in counted))
  return counted
}

const optional = <T>(...values: T[]) => fc.constantFrom(undefined, ...values)

const steps = fc.array(
  fc.record({
    key: fc.constantFrom('k:a', 'k:b'),
    // Mostly forwards by little, now and then far, and back: by less and by more than an hour.
    later: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 * HOUR }) },
      { weight: 2, arbitrary: fc.integer({ min: -HOUR, max: 0 }) },
      { weight: 1, arbitrary: fc.integer({ min: -20 * DAY, max: 20 * DAY }) },
    ),
    mode: fc.constantFrom<'take' | 'peek'>('take', 'take', 'peek'),
    cost: fc.constantFrom(0, 0.25, 1, 2, 3, 5, 20, -2),
    cap: fc.constantFrom(1, 4, 16),
    perHour: fc.constantFrom(0, 1 / 48, 0.5, 16),
    perDay: optional(2, 6, 40),
    perWeek: optional(5, 50),
    always: fc.boolean(),
  }),
  { maxLength: 40 },
)

for (const [name, open] of Object.entries(COUNTER_STORES)) {
  test(`${name}: tokens are as the oracle says, whatever the clock does`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, all =>
        owning(async owner => {
          const counters = await open(owner)
          const oracles = new Map([
            ['k:a', tokenOracle()],
            ['k:b', tokenOracle()],
          ])
          let at = AT
          for (const { key, later, mode, always, perDay, perWeek, ...terms } of all) {
            at += later
            const oracle = oracles.get(key) ?? tokenOracle()
            const op: TokensOp & { always?: true } = {
              op: 'tokens',
              key,
              ...terms,
              ...(perDay === undefined ? {} : { perDay }),
              ...(perWeek === undefined ? {} : { perWeek }),
              ...(always ? { always: true } : {}),
            }
            oracle.ask(at)
            const enough = oracle.isEnough(at, op)
            const resetAt = oracle.enoughAt(at, op)
            if (mode === 'take' && (enough || always)) oracle.take(at, op)
            const answer = answered(await counters.apply({ at, mode, ops: [op] }))
            assert.equal(answer.taken, mode === 'take' && enough)
            assert.equal(answer.refusedBy, enough ? undefined : 0)
            if (!enough) near(answer.resetAt, resetAt, 2)
            near(answer.readings[0]?.value, oracle.tokens(at, op), 1e-6)
            near(answer.readings[0]?.enoughAt, oracle.enoughAt(at, op), 2)
          }
        }),
      ),
      { numRuns: name === 'memory' ? 300 : 10 },
    )
  })

  test(`${name}: a batch takes all of its tokens or none but those marked always`, async t => {
    const counters = await open(t)
    const apply = async (batch: Batch) => answered(await counters.apply(batch))
    const other = tokens(1, { key: 'k:other' })
    const always = { ...tokens(1, { key: 'k:always' }), always: true } as const
    const refused = await apply({ at: AT, mode: 'take', ops: [other, tokens(4), always] })
    assert.equal(refused.taken, true)
    const again = await apply({ at: AT, mode: 'take', ops: [other, tokens(1), always] })
    assert.deepEqual(
      [again.taken, again.refusedBy, again.resetAt],
      [false, 1, AT + 30 * MINUTE],
      'half an hour at two an hour is one',
    )
    assert.deepEqual(
      again.readings.map(({ value }) => value),
      [3, 0, 2],
    )
  })

  test(`${name}: a cost above the cap needs a full bucket and leaves a debt`, async t => {
    const counters = await open(t)
    const take = async (at: number, cost: number) =>
      answered(await counters.apply({ at, mode: 'take', ops: [tokens(cost)] }))
    assert.deepEqual((await take(AT, 10)).readings[0], { value: -6, enoughAt: AT + 5 * HOUR })
    assert.equal((await take(AT + 3 * HOUR, 1)).taken, false)
    assert.equal((await take(AT + 3.5 * HOUR, 1)).taken, true)
  })

  test(`${name}: the same batch told twice takes once, and says the same`, async t => {
    const counters = await open(t)
    const batch: Batch = { once: 'x', at: AT, mode: 'take', ops: [tokens(3)] }
    const first = answered(await counters.apply(batch))
    const again = answered(await counters.apply(batch))
    assert.deepEqual(again, { ...first, taken: false, repeated: true })
  })
}

function near(actual: number | undefined, expected: number, by: number): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= by,
    `${actual} instead of ${expected}`,
  )
}

test('kept: tokens, their ceilings and what was told once are there after a restart', async t => {
  const folder = folderOf(t)
  const path = join(folder, 'c.db')
  const ops = [tokens(1), tokens(2, { key: 'k:day', perDay: 3, perWeek: 9 })]
  const first = await owned(t, openCounters(path))
  const taken = await first.apply({ once: 'x', at: AT, mode: 'take', ops })
  await first.close()
  const second = await owned(t, openCounters(path))
  const again = await second.apply({ once: 'x', at: AT, mode: 'take', ops })
  assert.deepEqual(again, { ...taken, taken: false, repeated: true })
  const refused = answered(await second.apply({ at: AT + HOUR, mode: 'take', ops }))
  assert.deepEqual(
    [refused.refusedBy, refused.resetAt],
    [1, (Math.floor(AT / (2 * HOUR)) + 12) * 2 * HOUR],
    'the ceiling of the day',
  )
  await second.close()
})

test('memory: buckets are forgotten when they would be full again, and not before', () => {
  const counters = new MemoryCounters()
  const take = (key: string, perHour: number) =>
    counters.apply({ at: AT, mode: 'take', ops: [tokens(4, { key, perHour })] })
  take('k:fast', 16)
  take('k:slow', 1 / 480)
  assert.deepEqual([counters.sweep(AT + 7 * DAY).length, counters.tokens.rows], [0, 2])
  assert.deepEqual([counters.sweep(AT + 9 * DAY).length, counters.tokens.rows], [1, 1])
  assert.deepEqual([counters.sweep(AT + 81 * DAY).length, counters.tokens.rows], [1, 0])
})
