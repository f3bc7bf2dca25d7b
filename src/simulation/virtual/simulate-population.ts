// A population through the evidence by episodes and the window, one subject after the other: what `cordon simulate` prints.

import { ALLOWANCES } from '../../core/detection/episodes/tables.ts'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import type { Population } from '../population/population-file.ts'
import { random } from '../population/random.ts'
import { simulatedBot } from '../population/simulated-bot.ts'
import { strangers } from '../population/simulated-mail.ts'
import { simulatedPerson } from '../population/simulated-person.ts'
import { PacedLine } from './paced-line.ts'

const BEGINS = Date.UTC(2026, 0, 5)
/** A bot comes after so many days of its owner's mail, and is watched for so many. */
const OWNER_DAYS = 30
const BOT_DAYS = 8
/** Somebody notices. */
const LONG_WAIT = 30 * MINUTE

export type BotRow = {
  readonly filter: string
  readonly bot: string
  readonly runs: number
  /** Recipients reached before the first message waited, and in eight days: median and 95th percentile; -1: none waited. */
  readonly beforeFirstWait: readonly [number, number]
  readonly reached: readonly [number, number]
  readonly held: number
  readonly isolated: number
  /** Median hours, of those that were. */
  readonly heldAfter: number | undefined
  readonly isolatedAfter: number | undefined
}

export type PersonRow = {
  readonly filter: string
  readonly person: string
  readonly years: number
  /** A year. */
  readonly isolations: number
  readonly cleanWaits: number
  readonly spamJudgedWaits: number
  readonly returned: number
  readonly refused: number
}

export type Chosen = {
  readonly population: Population
  readonly filter: string
  readonly seed: string
}

export function simulateBot(name: string, runs: number, chosen: Chosen): BotRow {
  const all = Array.from({ length: runs }, (_, run) => oneBot(name, run, chosen))
  const held = all.flatMap(({ heldAfter }) => heldAfter ?? [])
  const isolated = all.flatMap(({ isolatedAfter }) => isolatedAfter ?? [])
  return {
    filter: chosen.filter,
    bot: name,
    runs,
    beforeFirstWait: spread(all.map(one => one.beforeFirstWait ?? Infinity)),
    reached: spread(all.map(one => one.reached)),
    held: held.length,
    isolated: isolated.length,
    heldAfter: quantile(held, 0.5),
    isolatedAfter: quantile(isolated, 0.5),
  }
}

export function simulatePerson(
  name: string,
  size: { readonly people: number; readonly years: number },
  chosen: Chosen,
): PersonRow {
  const count = { isolations: 0, cleanWaits: 0, spamJudgedWaits: 0, returned: 0, refused: 0 }
  for (let run = 0; run < size.people; run++)
    onePerson(name, { run, years: size.years }, chosen, count)
  const years = size.people * size.years
  const perYear = Object.fromEntries(
    Object.entries(count).map(([what, times]) => [what, times / years]),
  ) as typeof count
  return { filter: chosen.filter, person: name, years, ...perYear }
}

function oneBot(name: string, run: number, { population, filter, seed }: Chosen) {
  const chance = random(`${seed}/${filter}/${name}/${run}`)
  const rates = population.bots[name]
  const filtered = population.filters[filter]
  const owner = population.people['ordinary']
  if (!rates || !filtered || !owner) throw new Error(`there is no ${name} or ${filter}`)
  const stranger = strangers(chance.fork('people'))
  const person = simulatedPerson({ ...owner, friends: 25 }, filtered, {
    chance: chance.fork('owner'),
    stranger,
    from: BEGINS,
  })
  const from = BEGINS + OWNER_DAYS * DAY + (8 + 10 * chance.next()) * HOUR
  const until = BEGINS + (OWNER_DAYS + BOT_DAYS) * DAY
  const found = {
    reached: 0,
    beforeFirstWait: undefined as number | undefined,
    heldAfter: undefined as number | undefined,
    isolatedAfter: undefined as number | undefined,
  }
  const line = new PacedLine(ALLOWANCES.person, chance.fork('answers'), BEGINS, {
    left: (mail, who) => {
      if (mail.byBot && !who.gone) found.reached++
    },
    waits: mail => {
      if (mail.byBot) found.beforeFirstWait ??= found.reached
    },
    decided: (what, at) => {
      if (at < from) return
      if (what === 'hold') found.heldAfter ??= (at - from) / HOUR
      if (what === 'isolate') found.isolatedAfter ??= (at - from) / HOUR
    },
    returns: () => undefined,
    refused: () => undefined,
  })
  line.knows(person.friends, BEGINS - 5 * DAY)
  const known = person.friends
  const { bought } = population
  const bot = simulatedBot(rates, filtered, { chance, stranger, known, bought, from, until })
  let next = 0
  for (let day = 0; day < OWNER_DAYS + BOT_DAYS; day++) {
    const ends = BEGINS + (day + 1) * DAY
    const mail = person.day(day)
    for (; next < bot.length && (bot[next]?.at ?? 0) < ends; next++) mail.push(bot[next] as never)
    for (const one of mail.toSorted((a, b) => a.at - b.at)) line.send(one)
  }
  line.runUntil(until)
  return found
}

function onePerson(
  name: string,
  { run, years }: { readonly run: number; readonly years: number },
  { population, filter, seed }: Chosen,
  count: Record<'isolations' | 'cleanWaits' | 'spamJudgedWaits' | 'returned' | 'refused', number>,
): void {
  const rates = population.people[name]
  const filtered = population.filters[filter]
  if (!rates || !filtered) throw new Error(`there is no ${name} or ${filter}`)
  const chance = random(`${seed}/${filter}/${name}/${run}`)
  const stranger = strangers(chance.fork('people'))
  const made = { chance: chance.fork('mail'), stranger, from: BEGINS }
  const person = simulatedPerson(rates, filtered, made)
  const line = new PacedLine(ALLOWANCES.person, chance.fork('answers'), BEGINS, {
    left: (mail, _, waited) => {
      if (waited <= LONG_WAIT) return
      // The suspect exit opens at the half-hour itself, and is looked at once a minute.
      if (mail.judged !== 'spam') count.cleanWaits++
      else if (waited > LONG_WAIT + MINUTE) count.spamJudgedWaits++
    },
    waits: () => undefined,
    returns: () => void count.returned++,
    decided: what => {
      if (what === 'isolate') count.isolations++
    },
    refused: () => void count.refused++,
  })
  line.endsIsolation = true
  line.knows(person.friends, BEGINS - 5 * DAY)
  for (let day = 0; day < years * 365; day++) for (const mail of person.day(day)) line.send(mail)
  line.runUntil(BEGINS + (years * 365 + 4) * DAY)
}

const spread = (values: readonly number[]): [number, number] => [
  finite(quantile(values, 0.5)),
  finite(quantile(values, 0.95)),
]

const finite = (value: number | undefined): number =>
  value === undefined || value === Infinity ? -1 : value

const quantile = (values: readonly number[], share: number): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]
