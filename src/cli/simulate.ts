// `cordon simulate`: a population of people and bots through the evidence by episodes and the window, on a virtual clock. Nothing of a
// running Cordon is asked or changed.

import { Command } from 'commander'
import { readPopulation } from '../simulation/population/population-file.ts'
import {
  type BotRow,
  type PersonRow,
  simulateBot,
  simulatePerson,
} from '../simulation/virtual/simulate-population.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, numberOf, ofFile, sayingWhy } from './shared-options.ts'

type SimulateOptions = {
  readonly population: string
  readonly filter?: string
  readonly runs: string
  readonly people: string
  readonly years: string
  readonly seed: string
  readonly json?: boolean
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .option('--population <file>', 'people, bots and filters', './populations/first.yaml')
    .option('--filter <name>', 'only this filter of the file')
    .option('--runs <n>', 'how often each bot is run', '20')
    .option('--people <n>', 'how many of each kind of people', '10')
    .option('--years <n>', 'years of each person', '2')
    .option('--seed <text>', 'seed; the same one repeats the mail', '1')
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (given: SimulateOptions) => {
        const path = given.population
        const population = await ofFile(path, () => readPopulation(path))
        const runs = numberOf('--runs', given.runs)
        const size = {
          people: numberOf('--people', given.people),
          years: numberOf('--years', given.years),
        }
        const filters = Object.keys(population.filters).filter(
          name => given.filter === undefined || name === given.filter,
        )
        const chosen = filters.map(filter => ({ population, filter, seed: given.seed }))
        const bots = chosen.flatMap(one =>
          Object.keys(population.bots).map(name => simulateBot(name, runs, one)),
        )
        const people = chosen.flatMap(one =>
          Object.keys(population.people).map(name => simulatePerson(name, size, one)),
        )
        if (given.json) sayJson({ bots, people })
        else console.log(`${botsShown(bots)}\n\n${peopleShown(people)}`)
      }),
    )
}

const botsShown = (rows: readonly BotRow[]): string =>
  [
    'Bots: recipients reached before mail first waits, and in 8 days (median/p95); held and isolated, after hours (median)',
    'filter | bot | before the first wait | reached | held | isolated',
    ...rows.map(row =>
      [
        row.filter,
        row.bot,
        pair(row.beforeFirstWait),
        pair(row.reached),
        counted(row.held, row.runs, row.heldAfter),
        counted(row.isolated, row.runs, row.isolatedAfter),
      ].join(' | '),
    ),
  ].join('\n')

const peopleShown = (rows: readonly PersonRow[]): string =>
  [
    'People, a year: wrong isolations, recipients of clean and of spam-judged mail that waited over 30 minutes, returned, refused',
    'filter | person | years | isolations | clean waits | spam-judged waits | returned | refused',
    ...rows.map(row =>
      [
        row.filter,
        row.person,
        row.years,
        row.isolations,
        row.cleanWaits.toFixed(2),
        row.spamJudgedWaits.toFixed(2),
        row.returned.toFixed(2),
        row.refused.toFixed(2),
      ].join(' | '),
    ),
  ].join('\n')

const pair = (both: readonly [number, number]): string =>
  both.map(one => (one < 0 ? 'never' : String(one))).join('/')

const counted = (count: number, runs: number, hours: number | undefined): string =>
  `${count}/${runs}${hours === undefined ? '' : ` ${hours.toFixed(1)}h`}`
