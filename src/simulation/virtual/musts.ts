// What a population must show, and which rows of a simulation do not. What is stated holds for the first filter of the file, and for bots behind
// its first owner; the other rows are printed beside it.

import type { Population } from '../population/population-file.ts'
import type { BotRow } from './simulate-bot.ts'
import type { CrowdRow } from './simulate-crowd.ts'
import type { PersonRow } from './simulate-person.ts'

export type SimulatedRows = {
  readonly bots: readonly BotRow[]
  readonly crowds: readonly CrowdRow[]
  readonly people: readonly PersonRow[]
}

export type Miss = {
  readonly name: string
  readonly measure: string
  readonly must: string
  readonly measured: string
}

type Pair = readonly [median: number, p95: number]

export function missesOf(population: Population, rows: SimulatedRows): readonly Miss[] {
  const [filter] = Object.keys(population.filters)
  const [owner] = Object.keys(population.owners)
  const isStated = (row: { readonly filter: string }) => row.filter === filter
  return [
    ...rows.bots
      .filter(row => isStated(row) && row.owner === owner)
      .flatMap(row => pairs(row.bot, row, population.bots[row.bot]?.must)),
    ...rows.crowds
      .filter(isStated)
      .flatMap(row => pairs(row.crowd, row, population.crowds[row.crowd]?.must)),
    ...rows.people.filter(isStated).flatMap(row => ofPerson(row, population)),
  ]
}

type Reached = { readonly beforeFirstWait: Pair; readonly reached: Pair }

/** Medians and 95th percentiles; -1, that none waited, is above any. */
function pairs(
  name: string,
  row: Reached,
  must: { readonly [measure in keyof Reached]?: Pair | undefined } | undefined,
): Miss[] {
  const isAbove = (value: number, most: number) => value < 0 || value > most
  return (['beforeFirstWait', 'reached'] as const).flatMap(measure => {
    const most = must?.[measure]
    const value = row[measure]
    if (!most || !(isAbove(value[0], most[0]) || isAbove(value[1], most[1]))) return []
    return [{ name, measure: WORDS[measure], must: most.join('/'), measured: value.join('/') }]
  })
}

const WORDS = {
  beforeFirstWait: 'reached before the first wait',
  reached: 'reached in 8 days',
  cleanWaits: 'clean mail that waits, a year',
  returned: 'returned, a year',
} as const

function ofPerson(row: PersonRow, population: Population): Miss[] {
  const { person: name, isolations, stops, refused } = row
  const must = population.people[name]?.must
  const most = [
    ['isolations', isolations.count, 0],
    ['stopped logins', stops.count, 0],
    ['refused', refused, 0],
    [WORDS.cleanWaits, row.cleanWaits, must?.cleanWaits],
    [WORDS.returned, row.returned, must?.returned],
  ] as const
  return most.flatMap(([measure, value, least = Infinity]) =>
    value > least ? [{ name, measure, must: `${least}`, measured: value.toFixed(2) }] : [],
  )
}
