// `cordon simulate`: a population of people, bots and crowds through the evidence by episodes and the window, on a virtual clock. Nothing of
// a running Cordon is asked or changed. Rows are printed when they are ready; how far it is stands on a terminal's stderr.

import { Command } from 'commander'
import { type Population, readPopulation } from '../simulation/population/population-file.ts'
import { missesOf, type SimulatedRows } from '../simulation/virtual/musts.ts'
import type { AnswerRates } from '../simulation/virtual/asked-owners.ts'
import { simulateBot } from '../simulation/virtual/simulate-bot.ts'
import { simulateCrowd } from '../simulation/virtual/simulate-crowd.ts'
import { simulatePeople } from '../simulation/virtual/simulate-people.ts'
import type { PersonRow } from '../simulation/virtual/simulate-person.ts'
import { UsageError } from './failures.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, numberOf, ofFile, sayingWhy } from './shared-options.ts'
import {
  botRow,
  BOTS_ABOUT,
  crowdRow,
  CROWDS_ABOUT,
  missRows,
  PEOPLE_ABOUT,
  personRow,
} from './simulate-rows.ts'
import { stepsDone } from './steps-done.ts'

/** Until an owner answers, on average. [est] */
const ANSWER_HOURS = 3

type SimulateOptions = {
  readonly population: string
  readonly filter?: string
  readonly owner?: string
  readonly only?: string
  readonly runs: string
  readonly people: string
  readonly years: string
  readonly seed: string
  readonly answers?: string
  readonly errors: string
  readonly json?: boolean
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .option('--population <file>', 'people, bots, crowds and filters', './populations/first.yaml')
    .option('--filter <name>', 'only this filter of the file')
    .option(
      '--owner <name>',
      'owner behind whom the bots are: a name in the file, or "all"; default: the first one in the file',
    )
    .option('--only <name>', 'only these people, this bot or this crowd')
    .option('--runs <n>', 'how often each bot and each crowd is run', '20')
    .option('--people <n>', 'how many of each kind of people', '10')
    .option('--years <n>', 'years of each person', '2')
    .option('--seed <text>', 'seed; the same one repeats the mail', '1')
    .option('--answers <share>', 'of owners asked, those who answer, after 3 hours on average')
    .option(
      '--errors <times>',
      'of people: errors of filters and servers, and dead addresses, so many times as many, such as 0.5 or 2',
      '1',
    )
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (given: SimulateOptions) => {
        const path = given.population
        const population = await ofFile(path, () => readPopulation(path))
        const say = given.json ? () => undefined : (line: string) => console.log(line)
        const rows = await simulated(population, given, say)
        const misses = missesOf(population, rows)
        for (const line of missRows(misses)) say(line)
        if (given.json) sayJson({ ...rows, misses })
      }),
    )
}

async function simulated(
  population: Population,
  given: SimulateOptions,
  say: (line: string) => void,
): Promise<SimulatedRows> {
  const runs = numberOf('--runs', given.runs)
  const size = {
    people: numberOf('--people', given.people),
    years: numberOf('--years', given.years),
  }
  const filters = chosen('--filter', population.filters, given.filter)
  const [first = ''] = Object.keys(population.owners)
  const owner = given.owner ?? first
  const owners = chosen('--owner', population.owners, owner === 'all' ? undefined : owner)
  const names = namesOf(population, given.only)
  const botRuns = owners.length * names.bots.length * runs
  const all =
    filters.length * (botRuns + names.crowds.length * runs + names.people.length * size.people)
  const progress = stepsDone(all, process.stderr)
  const row = <T>(one: T, shown: (one: T) => string): T => {
    progress.clear()
    say(shown(one))
    return one
  }
  const { seed } = given
  const errors = errorsOf(given.errors)
  const answers = answersOf(given.answers)
  const table = <T>(about: readonly string[], from: readonly string[], rowsOf: () => T[]): T[] => {
    if (from.length === 0) return []
    progress.clear()
    for (const line of about) say(line)
    return rowsOf()
  }
  const rows = {
    bots: table(BOTS_ABOUT, names.bots, () =>
      filters.flatMap(filter =>
        owners.flatMap(owner =>
          names.bots.map(name => {
            const one = { population, filter, owner, seed, ...answers }
            return row(simulateBot(name, runs, one, progress.step), botRow)
          }),
        ),
      ),
    ),
    crowds: table(CROWDS_ABOUT, names.crowds, () =>
      filters.flatMap(filter =>
        names.crowds.map(name =>
          row(simulateCrowd(name, runs, { population, filter, seed }, progress.step), crowdRow),
        ),
      ),
    ),
    people: [] as PersonRow[],
  }
  const people = table(PEOPLE_ABOUT, names.people, () =>
    filters.flatMap(filter => names.people.map(name => ({ filter, name }))),
  )
  for (const { filter, name } of people) {
    const one = { population, filter, seed, errors, ...answers }
    rows.people.push(row(await simulatePeople(name, size, one, progress.step), personRow))
  }
  progress.clear()
  return rows
}

function errorsOf(given: string): number {
  const times = Number(given)
  if (!(times > 0 && times <= 10)) throw new UsageError('--errors: write a number up to 10.')
  return times
}

function answersOf(given: string | undefined): { readonly answers?: AnswerRates } {
  if (given === undefined) return {}
  const share = Number(given)
  if (!(share >= 0 && share <= 1)) throw new UsageError('--answers: write a share from 0 to 1.')
  return { answers: { share, meanHours: ANSWER_HOURS } }
}

function namesOf(population: Population, only: string | undefined) {
  const those = (of: object) => Object.keys(of).filter(name => only === undefined || name === only)
  const names = {
    bots: those(population.bots),
    crowds: those(population.crowds),
    people: those(population.people),
  }
  if (names.bots.length + names.crowds.length + names.people.length === 0)
    throw new UsageError(`--only: the population has no ${only ?? 'people'}.`)
  return names
}

function chosen(option: string, of: object, name: string | undefined): string[] {
  const names = Object.keys(of).filter(one => name === undefined || one === name)
  if (names.length === 0)
    throw new UsageError(
      `${option}: the population has no ${name ?? 'entry'}. It has ${Object.keys(of).join(', ')}.`,
    )
  return names
}
