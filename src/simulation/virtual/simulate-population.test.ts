// A few runs of the shipped population through the real core: the same seed gives the same rows, bots are stopped, and people are not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPopulation } from '../population/population-file.ts'
import { simulateBot, simulatePerson } from './simulate-population.ts'

const population = readPopulation('populations/first.yaml')
const chosen = (filter: string) => ({ population, filter, seed: 'test' })

test('a fast bot reaches few, is held within an hour and isolated after its first episode', () => {
  const row = simulateBot('fast', 3, chosen('.9/.02'))
  assert.ok(row.beforeFirstWait[1] <= 10 && row.reached[1] <= 15, JSON.stringify(row))
  assert.deepEqual([row.held, row.isolated], [3, 3])
  assert.ok((row.heldAfter ?? 99) < 1)
  assert.ok((row.isolatedAfter ?? 0) > 6)
  assert.deepEqual(simulateBot('fast', 3, chosen('.9/.02')), row)
})

test('a bot in a few large messages is stopped by what a message holds', () => {
  const row = simulateBot('many-recipients', 2, chosen('.9/.02'))
  assert.ok(row.reached[1] <= 75, JSON.stringify(row))
})

test('without a scanner a bot is paced', () => {
  const row = simulateBot('fast', 2, chosen('none'))
  assert.ok(row.reached[1] < 300 && row.beforeFirstWait[0] > 0, JSON.stringify(row))
})

test('an ordinary year isolates nobody, refuses nothing, and hardly anything waits', () => {
  const row = simulatePerson('ordinary', { people: 3, years: 1 }, chosen('.9/.02'))
  assert.deepEqual([row.isolations, row.refused], [0, 0])
  assert.ok(row.cleanWaits < 20, JSON.stringify(row))
  const club = simulatePerson('club', { people: 1, years: 1 }, chosen('none'))
  assert.deepEqual([club.isolations, club.refused], [0, 0])
})
