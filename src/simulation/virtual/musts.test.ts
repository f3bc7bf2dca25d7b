// What is above its must is said, of the first filter and owner alone.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPopulation } from '../population/population-file.ts'
import { missesOf } from './musts.ts'
import type { BotRow } from './simulate-bot.ts'
import type { PersonRow } from './simulate-person.ts'

const population = readPopulation('populations/first.yaml')
const never = { runs: 0, hours: undefined }
const bot = (change: Partial<BotRow>): BotRow => ({
  filter: '.9/.02',
  owner: 'usual',
  bot: 'fast',
  runs: 20,
  beforeFirstWait: [3, 10],
  reached: [5, 15],
  decided: {
    hold: never,
    'refuse-network': never,
    'refuse-source': never,
    'stop-login': never,
    isolate: never,
  },
  ...change,
})
const none = { count: 0, atMostPer10000: 1 }
const person = (change: Partial<PersonRow>): PersonRow => ({
  filter: '.9/.02',
  person: 'ordinary',
  years: 100,
  isolations: none,
  stops: none,
  holds: 0,
  letters: 0,
  cleanWaits: 2,
  spamJudgedWaits: 99,
  returned: 0.4,
  refused: 0,
  ...change,
})
const said = (rows: { bots?: BotRow[]; people?: PersonRow[] }) =>
  missesOf(population, { bots: [], crowds: [], people: [], ...rows }).map(
    ({ name, measure, must, measured }) => `${name} ${measure}: ${measured}, ${must}`,
  )

test('what is as promised is not said, and what is above is', () => {
  assert.deepEqual(said({ bots: [bot({})], people: [person({})] }), [])
  assert.deepEqual(said({ bots: [bot({ reached: [6, 15] })] }), [
    'fast reached in 8 days: 6/15, 5/15',
  ])
  assert.deepEqual(said({ bots: [bot({ reached: [5, 16] })] }), [
    'fast reached in 8 days: 5/16, 5/15',
  ])
  assert.deepEqual(said({ bots: [bot({ beforeFirstWait: [-1, -1] })] }), [
    'fast reached before the first wait: -1/-1, 3/10',
  ])
  assert.deepEqual(
    said({
      people: [
        person({ isolations: { ...none, count: 1 }, returned: 0.41 }),
        person({ person: 'tor', refused: 0.1, cleanWaits: 500 }),
      ],
    }),
    [
      'ordinary isolations: 1.00, 0',
      'ordinary returned, a year: 0.41, 0.4',
      'tor refused: 0.10, 0',
    ],
  )
})

test('other filters and owners are beside it', () => {
  const bots = [
    bot({ filter: 'none', reached: [99, 99] }),
    bot({ owner: 'busy', reached: [99, 99] }),
  ]
  assert.deepEqual(said({ bots, people: [person({ filter: 'none', returned: 9 })] }), [])
})
