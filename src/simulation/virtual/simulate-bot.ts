// One kind of bot behind one kind of owner, so many times: what it reached, and when what was decided. A row of `cordon simulate`.

import type { EpisodeDecision } from '../../core/detection/episodes/decide.ts'
import { ALLOWANCES } from '../../core/detection/episodes/tables.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Population } from '../population/population-file.ts'
import { random } from '../population/random.ts'
import { simulatedBot } from '../population/simulated-bot.ts'
import { strangers } from '../population/simulated-mail.ts'
import { simulatedPerson } from '../population/simulated-person.ts'
import { type AnswerRates, AskedOwners } from './asked-owners.ts'
import { PacedMail } from './paced-mail.ts'
import { median, spreadOf } from './spread-of.ts'

const BEGINS = Date.UTC(2026, 0, 5)
/** A bot comes after so many days of its owner's mail, and is watched for so many. */
const OWNER_DAYS = 30
const BOT_DAYS = 8

/** How many of the runs, and the median hours of those. */
export type Decided = { readonly runs: number; readonly hours: number | undefined }
const WATCHED = ['hold', 'refuse-network', 'refuse-source', 'stop-login', 'isolate'] as const

export type BotRow = {
  readonly filter: string
  readonly owner: string
  readonly bot: string
  readonly runs: number
  /** Recipients reached before the first message waited, and in eight days: median and 95th percentile; -1: none waited. */
  readonly beforeFirstWait: readonly [number, number]
  readonly reached: readonly [number, number]
  readonly decided: Readonly<Record<(typeof WATCHED)[number], Decided>>
}

export type ChosenBot = {
  readonly population: Population
  readonly filter: string
  readonly owner: string
  readonly seed: string
  /** Without it owners answer nothing. */
  readonly answers?: AnswerRates
}

/** `done`: after each run. */
export function simulateBot(
  name: string,
  runs: number,
  chosen: ChosenBot,
  done: () => void = () => undefined,
): BotRow {
  const all = Array.from({ length: runs }, (_, run) => {
    const found = oneBot(name, run, chosen)
    done()
    return found
  })
  const decided = WATCHED.map(what => {
    const hours = all.flatMap(({ after }) => after[what] ?? [])
    return [what, { runs: hours.length, hours: median(hours) }] as const
  })
  return {
    filter: chosen.filter,
    owner: chosen.owner,
    bot: name,
    runs,
    beforeFirstWait: spreadOf(all.map(one => one.beforeFirstWait ?? Infinity)),
    reached: spreadOf(all.map(one => one.reached)),
    decided: Object.fromEntries(decided) as BotRow['decided'],
  }
}

type BotOutcome = {
  reached: number
  beforeFirstWait: number | undefined
  after: Partial<Record<EpisodeDecision, number>>
}

function oneBot(name: string, run: number, chosen: ChosenBot): BotOutcome {
  const { population, filter, owner, seed } = chosen
  const chance = random(`${seed}/${filter}/${owner}/${name}/${run}`)
  const rates = population.bots[name]
  const filtered = population.filters[filter]
  const owned = population.owners[owner]
  if (!rates || !filtered || !owned) throw new Error(`there is no ${name}, ${filter} or ${owner}`)
  const stranger = strangers(chance.fork('people'))
  const made = { chance: chance.fork('owner'), stranger, from: BEGINS }
  const person = simulatedPerson(owned, filtered, made)
  const from = BEGINS + OWNER_DAYS * DAY + (8 + 10 * chance.next()) * HOUR
  const until = BEGINS + (OWNER_DAYS + BOT_DAYS) * DAY
  const found: BotOutcome = { reached: 0, beforeFirstWait: undefined, after: {} }
  const paced = new PacedMail(ALLOWANCES[owned.plan], chance.fork('answers'), {
    left: (mail, who) => {
      if (mail.byBot && !who.gone) found.reached++
    },
    waits: mail => {
      if (mail.byBot) found.beforeFirstWait ??= found.reached
    },
    decided: (what, at) => {
      if (at >= from) found.after[what] ??= (at - from) / HOUR
    },
    returns: () => undefined,
    refused: () => undefined,
  })
  paced.complain = population.complain
  if (chosen.answers) paced.owners = new AskedOwners(chosen.answers, chance.fork('asked'))
  paced.knows(1, person.friends, BEGINS - 5 * DAY)
  const { bought } = population
  const bot = simulatedBot(rates, filtered, {
    chance,
    stranger,
    known: person.friends,
    bought,
    from,
    until,
  })
  let next = 0
  for (let day = 0; day < OWNER_DAYS + BOT_DAYS; day++) {
    const ends = BEGINS + (day + 1) * DAY
    const mail = person.day(day)
    for (; next < bot.length && (bot[next]?.at ?? 0) < ends; next++) mail.push(bot[next] as never)
    for (const one of mail.toSorted((a, b) => a.at - b.at)) paced.send(one)
  }
  paced.runUntil(until)
  return found
}
