// One kind of people, for so many years: what was wrongly decided, what waited, what came back. A row of `cordon simulate`.

import { ALLOWANCES } from '../../core/detection/episodes/tables.ts'
import { DAY, MINUTE } from '../../model/duration.ts'
import type { Population } from '../population/population-file.ts'
import { random } from '../population/random.ts'
import { strangers } from '../population/simulated-mail.ts'
import { simulatedPerson } from '../population/simulated-person.ts'
import { type AnswerRates, AskedOwners } from './asked-owners.ts'
import { PacedMail } from './paced-mail.ts'
import { upperBound } from './spread-of.ts'

const BEGINS = Date.UTC(2026, 0, 5)
/** ms that a person notices. */
const LONG_WAIT = 30 * MINUTE
const PER = 10_000

/** Wrong, in all years, and what 10,000 years may have at most (95 %). */
export type Wrong = { readonly count: number; readonly atMostPer10000: number }

export type PersonRow = {
  readonly filter: string
  readonly person: string
  readonly years: number
  readonly isolations: Wrong
  readonly stops: Wrong
  /** A year. Cases that hold mail in the window, and end by themselves. */
  readonly holds: number
  /** A year. Days on which mail has waited for half an hour: its owner is asked in one letter. */
  readonly letters: number
  readonly cleanWaits: number
  readonly spamJudgedWaits: number
  readonly returned: number
  readonly refused: number
}

export type Chosen = {
  readonly population: Population
  readonly filter: string
  readonly seed: string
  /** Without it owners answer nothing. */
  readonly answers?: AnswerRates
  /** How wrong the tables are: people's bad luck is so many times what the file and the estimates say. */
  readonly errors?: number
}

export type People = { readonly people: number; readonly years: number }

const newCount = () => ({
  isolations: 0,
  stops: 0,
  holds: 0,
  letters: 0,
  cleanWaits: 0,
  spamJudgedWaits: 0,
  returned: 0,
  refused: 0,
})

export type PeopleCount = ReturnType<typeof newCount>
/** Every `step`-th of the people, from number `from`. */
export type Slice = People & { readonly from: number; readonly step: number }

/** `done`: after each person. */
export function simulatePerson(
  name: string,
  size: People,
  chosen: Chosen,
  done: () => void = () => undefined,
): PersonRow {
  return rowOf(name, size, chosen.filter, [
    countPeople(name, { ...size, from: 0, step: 1 }, chosen, done),
  ])
}

export function countPeople(
  name: string,
  { people, years, from, step }: Slice,
  chosen: Chosen,
  done: () => void,
): PeopleCount {
  const count = newCount()
  for (let run = from; run < people; run += step) {
    onePerson(name, { run, years }, chosen, count)
    done()
  }
  return count
}

export function rowOf(
  person: string,
  size: People,
  filter: string,
  counts: readonly PeopleCount[],
): PersonRow {
  const years = size.people * size.years
  const sum = (of: keyof PeopleCount) => counts.reduce((all, one) => all + one[of], 0)
  const wrong = (times: number): Wrong => ({
    count: times,
    atMostPer10000: (upperBound(times) / years) * PER,
  })
  return {
    filter,
    person,
    years,
    isolations: wrong(sum('isolations')),
    stops: wrong(sum('stops')),
    holds: sum('holds') / years,
    letters: sum('letters') / years,
    cleanWaits: sum('cleanWaits') / years,
    spamJudgedWaits: sum('spamJudgedWaits') / years,
    returned: sum('returned') / years,
    refused: sum('refused') / years,
  }
}

function onePerson(
  name: string,
  { run, years }: { readonly run: number; readonly years: number },
  { population, filter, seed, answers, errors = 1 }: Chosen,
  count: PeopleCount,
): void {
  const rates = population.people[name]
  const filtered = population.filters[filter]
  if (!rates || !filtered) throw new Error(`there is no ${name} or ${filter}`)
  const chance = random(`${seed}/${filter}/${name}/${run}`)
  const stranger = strangers(chance.fork('people'))
  const made = { chance: chance.fork('mail'), stranger, from: BEGINS, errors }
  const person = simulatedPerson(rates, filtered, made)
  const askedOn = new Set<number>()
  const paced = new PacedMail(ALLOWANCES[rates.plan], chance.fork('answers'), {
    left: (mail, _, waited) => {
      // The suspect exit opens at the half-hour itself, and is looked at once a minute.
      if (waited <= LONG_WAIT + (mail.judged === 'spam' ? MINUTE : 0)) return
      askedOn.add(Math.floor((mail.at + LONG_WAIT) / DAY))
      if (mail.judged === 'spam') count.spamJudgedWaits++
      else count.cleanWaits++
    },
    waits: () => undefined,
    returns: mail => {
      askedOn.add(Math.floor((mail.at + LONG_WAIT) / DAY))
      count.returned++
    },
    decided: what => {
      if (what === 'isolate') count.isolations++
      if (what === 'hold') count.holds++
      if (what === 'stop-login') count.stops++
    },
    refused: () => void count.refused++,
  })
  paced.endsIsolation = true
  paced.complain = population.complain
  if (answers) paced.owners = new AskedOwners(answers, chance.fork('asked'))
  paced.knows(1, person.friends, BEGINS - 5 * DAY)
  for (let day = 0; day < years * 365; day++) for (const mail of person.day(day)) paced.send(mail)
  paced.runUntil(BEGINS + (years * 365 + 4) * DAY)
  count.letters += askedOn.size
}
