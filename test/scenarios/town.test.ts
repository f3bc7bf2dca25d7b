// The whole town on a virtual clock: the same twice, contained in time, and the same again from its journal.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heuristicScanner, noScanner } from '../../src/drivers/scanners/heuristic.ts'
import { noisyScanner } from '../../src/drivers/scanners/noisy.ts'
import type { Scanner } from '../../src/ports/scanner.ts'
import { makePlan } from '../../src/simulation/population/plan.ts'
import {
  customers,
  playVirtually,
  type VirtualBot,
  type VirtualResult,
} from '../../src/simulation/virtual/play.ts'
import { replay } from '../../src/simulation/virtual/replay.ts'
import { shipped } from '../support/shipped.ts'

const START = Date.UTC(2026, 0, 5, 8)
/** Of the filter as shipped; of the others fewer, for a town takes four seconds of CPU. */
const SEEDS = Array.from({ length: 12 }, (_, i) => 100 + i)
const FEWER = SEEDS.slice(0, 5)

const town = (seed: number, scanner: Scanner): Promise<VirtualResult> =>
  playVirtually({ plan: makePlan(seed, 60, 360), scanner, ...shipped, start: START })
const filter = (seed: number, sensitivity: number, falsePositives: number) =>
  noisyScanner(heuristicScanner(), { seed, sensitivity, falsePositives })

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number

test('the same seed gives the same journal, byte for byte', async () => {
  const [first, second, other] = await Promise.all(
    [7, 7, 8].map(seed => town(seed, filter(seed, 0.9, 0.02))),
  )
  const bytes = (result: VirtualResult | undefined) =>
    result?.journal.map(event => JSON.stringify(event)).join('\n')
  assert.ok((first?.journal.length ?? 0) > 500)
  assert.equal(bytes(first), bytes(second))
  assert.notEqual(bytes(first), bytes(other))
})

test('live and replay decide the same', async () => {
  const live = await town(7, filter(7, 0.9, 0.02))
  const decided = live.journal.filter(event => event.kind === 'decision-made')
  const recorded = live.journal.filter(event =>
    ['tx-commit', 'delivery-failed', 'link-auth', 'egress-attempt'].includes(event.kind),
  )
  const again = await replay(recorded, { ...customers(makePlan(7, 60, 360), START), ...shipped })
  const plain = (events: readonly { subject: string; what: string; at: number; until: number }[]) =>
    events.map(({ subject, what, at, until }) => ({ subject, what, at, until }))
  assert.ok(decided.length >= 6)
  assert.deepEqual(plain(again), plain(decided))
})

/**
 * A bot that goes to port 25 is isolated, a thief refused from where he is or stopped, and mail of a bot in its owner's mail waits. Without a
 * scanner nothing is seen of a thief but new recipients, as of a mailing: his mail waits.
 */
function isMet({ bot, containedBy, refused, held }: VirtualBot, scanned: boolean): boolean {
  if (bot.kind === 1) return containedBy === 'isolate'
  if (bot.kind === 3 || !scanned) return held > 0
  return refused > 0 || containedBy === 'stop-login'
}

for (const [name, make, most, middle] of [
  ['as shipped', (seed: number) => filter(seed, 0.9, 0.02), 5, 3],
  ['without false positives', (seed: number) => filter(seed, 0.9, 0), 5, 3],
  ['with five false positives in a hundred', (seed: number) => filter(seed, 0.9, 0.05), 5, 3],
  ['with a filter that sees half', (seed: number) => filter(seed, 0.5, 0.02), 15, 5],
  // The window alone: nothing tells a bot from a mailing.
  ['without a scanner', () => noScanner, 40, 30],
] as const) {
  const seeds = name === 'as shipped' ? SEEDS : FEWER
  test(`${seeds.length} towns ${name}: every bot met by the right decision, nobody hindered`, async () => {
    for (const seed of seeds) {
      const result = await town(seed, make(seed))
      const out = result.bots.map(one => one.delivered)
      for (const one of result.bots)
        assert.ok(
          isMet(one, name !== 'without a scanner'),
          `seed ${seed}, ${one.bot.id}: ${JSON.stringify(one)}`,
        )
      assert.ok(Math.max(...out) <= most, `seed ${seed}: ${out} out`)
      assert.ok(median(out) <= middle, `seed ${seed}: ${out} out`)
      assert.deepEqual(result.wrong, [], `seed ${seed}`)
      assert.equal(result.people.refused, 0, `seed ${seed}`)
    }
  })
}
