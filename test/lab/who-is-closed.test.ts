// An oracle beside random sequences that are played to the real program and a real router: at every quiet point no innocent line is closed,
// and no contained one is open, whatever came late, twice, in another order or not at all, and whoever was killed meanwhile.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { play } from '../support/play-seed.ts'
import { PLAYED } from '../support/played-config.ts'
import { PlayedNetwork } from '../support/played-network.ts'

const FIRST = Number(process.env['CORDON_ORACLE_FIRST'] ?? 1)
const SEEDS = Number(process.env['CORDON_ORACLE_SEEDS'] ?? 2)
const STEPS = Number(process.env['CORDON_ORACLE_STEPS'] ?? 100)
/** Less than the minute after which everything is compared anyway. */
const PATIENCE = 20_000

let network: PlayedNetwork
before(async () => {
  network = await PlayedNetwork.start(PLAYED)
})
after(() => network?.stop())

for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
  test(`of the real network of seed ${seed}, ${STEPS} steps, no innocent line is closed, no contained one open`, async () => {
    const began = performance.now()
    const { wrong, waits } = await play(network, { seed, steps: STEPS, patience: PATIENCE })
    const sorted = waits.toSorted((a, b) => a - b)
    const ms = (at: number) => `${Math.round(sorted.at(at) ?? 0)} ms`
    console.log(
      `seed ${seed}: ${Math.round((performance.now() - began) / 1000)} s, ${waits.length} quiet points, right after ${ms(waits.length / 2)} in the middle, ${ms(-1)} at most`,
    )
    assert.ok(wrong.length === 0, wrong.join('\n'))
  })
