// Many stolen logins at one foreign address, so many times: what all of them reached together. A row of `cordon simulate`.

import { ALLOWANCES } from '../../core/detection/episodes/tables.ts'
import { DAY, HOUR, SECOND } from '../../model/duration.ts'
import type { CrowdRates, FilterRates } from '../population/population-file.ts'
import { type Random, random } from '../population/random.ts'
import {
  judgedAs,
  type SimulatedMail,
  type SimulatedRecipient,
  strangers,
} from '../population/simulated-mail.ts'
import { PacedMail } from './paced-mail.ts'
import type { Chosen } from './simulate-person.ts'
import { median, spreadOf } from './spread-of.ts'

const BEGINS = Date.UTC(2026, 0, 5)
const WATCHED = 8 * DAY
/** Correspondents of each login. [est] */
const FRIENDS = 20
const FROM = { address: 1, network: 1 } as const

export type CrowdRow = {
  readonly filter: string
  readonly crowd: string
  readonly runs: number
  /** Of all logins together: median and 95th percentile. */
  readonly beforeFirstWait: readonly [number, number]
  readonly reached: readonly [number, number]
  /** Runs in which the address was refused; medians of messages refused at the door, and of logins stopped. */
  readonly sourceRefused: number
  readonly refused: number | undefined
  readonly stopped: number | undefined
}

export function simulateCrowd(
  name: string,
  runs: number,
  chosen: Chosen,
  done: () => void = () => undefined,
): CrowdRow {
  const all = Array.from({ length: runs }, (_, run) => {
    const found = oneCrowd(name, run, chosen)
    done()
    return found
  })
  return {
    filter: chosen.filter,
    crowd: name,
    runs,
    beforeFirstWait: spreadOf(all.map(one => one.beforeFirstWait ?? Infinity)),
    reached: spreadOf(all.map(one => one.reached)),
    sourceRefused: all.filter(one => one.sourceRefused).length,
    refused: median(all.map(one => one.refused)),
    stopped: median(all.map(one => one.stopped)),
  }
}

function oneCrowd(name: string, run: number, { population, filter, seed }: Chosen) {
  const rates = population.crowds[name]
  const filtered = population.filters[filter]
  if (!rates || !filtered) throw new Error(`there is no ${name} or ${filter}`)
  const chance = random(`${seed}/${filter}/${name}/${run}`)
  const found = {
    reached: 0,
    beforeFirstWait: undefined as number | undefined,
    sourceRefused: false,
    refused: 0,
    stopped: 0,
  }
  const paced = new PacedMail(ALLOWANCES.person, chance.fork('answers'), {
    left: (mail, who) => {
      if (mail.byBot && !who.gone) found.reached++
    },
    waits: mail => {
      if (mail.byBot) found.beforeFirstWait ??= found.reached
    },
    decided: what => {
      if (what === 'refuse-source') found.sourceRefused = true
      if (what === 'stop-login') found.stopped++
    },
    returns: () => undefined,
    refused: mail => {
      if (mail.byBot) found.refused++
    },
  })
  paced.complain = population.complain
  const stranger = strangers(chance.fork('people'))
  const friends = Array.from({ length: rates.logins }, () =>
    Array.from({ length: FRIENDS }, () => stranger(0.02, 0)),
  )
  for (const [owner, people] of friends.entries()) paced.knows(owner, people, BEGINS - DAY)
  const { bought } = population
  const victim = () => stranger(bought.gone, bought.refuses)
  const someone = (owner: number) =>
    rates.patience?.to === 'known' ? chance.pick(friends[owner] ?? []) : stranger(0.02, 0)
  const mail = crowdMail(rates, filtered, { chance, victim, someone })
  for (const one of mail) paced.send(one)
  paced.runUntil(BEGINS + (rates.patience?.spamAfterDays ?? 0) * DAY + WATCHED)
  return found
}

type CrowdAt = {
  readonly chance: Random
  readonly victim: () => SimulatedRecipient
  readonly someone: (owner: number) => SimulatedRecipient
}

function crowdMail(
  { logins, mails, gapSeconds, patience }: CrowdRates,
  filter: FilterRates,
  { chance, victim, someone }: CrowdAt,
): SimulatedMail[] {
  const write = (owner: number, at: number, by: 'owner' | 'bot'): SimulatedMail => ({
    at,
    kind: 'out',
    owner,
    away: FROM,
    people: [by === 'bot' ? victim() : someone(owner)],
    judged: judgedAs(by === 'bot' ? 'spam' : 'clean', filter, chance),
    byBot: by === 'bot',
    refusedShare: 0,
    passed: true,
  })
  const all: SimulatedMail[] = []
  for (let day = 0; day < (patience?.days ?? 0); day++)
    for (let owner = 0; owner < logins; owner++)
      all.push(write(owner, BEGINS + day * DAY + 12 * HOUR * chance.next(), 'owner'))
  const spamFrom = BEGINS + (patience?.spamAfterDays ?? 0) * DAY
  for (let i = 0; i < mails; i++)
    all.push(write(i % logins, spamFrom + i * gapSeconds * SECOND, 'bot'))
  return all.toSorted((a, b) => a.at - b.at)
}
