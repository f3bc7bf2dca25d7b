// The mail of one simulated bot, or of one who stole a password, from when it begins.

import { DAY, HOUR, SECOND } from '../../model/duration.ts'
import type { BotRates, FilterRates, Population } from './population-file.ts'
import type { Random } from './random.ts'
import {
  type Away,
  judgedAs,
  type SimulatedMail,
  type SimulatedRecipient,
  type Strangers,
} from './simulated-mail.ts'

export type BotAt = {
  readonly chance: Random
  readonly stranger: Strangers
  readonly known: readonly SimulatedRecipient[]
  readonly bought: Population['bought']
  readonly from: number
  readonly until: number
}

const THIEF: Away = { address: 1_000_000, network: 1_000_000 }
/** Of a botnet that uses a password. [est] */
const NETWORKS_OF_THIEVES = 3000
const INBOUND_GAP = 10 * SECOND
const INBOUND_FIRST = 2 * HOUR
const MORNING = 8
const NIGHT = 21

export function simulatedBot(rates: BotRates, filter: FilterRates, made: BotAt): SimulatedMail[] {
  const { chance, bought, known, stranger } = made
  const { patience, inboundFirst, recipients, knownRecipients } = rates
  const from = rates.atHour === undefined ? made.from : nextHour(made.from, rates.atHour)
  const victims = Array.from({ length: inboundFirst?.people ?? 0 }, () =>
    stranger(0, bought.refuses),
  )
  let sent = 0
  const strange = () => victims[sent % victims.length] ?? stranger(bought.gone, bought.refuses)
  const spam = (at: number): SimulatedMail => {
    const people = [
      ...some(known, knownRecipients, chance),
      ...Array.from({ length: recipients }, strange),
    ]
    sent++
    return {
      at,
      kind: 'out',
      owner: 1,
      away: awayOf(rates, sent, chance),
      people,
      judged: judgedAs(rates.blind ? 'clean' : 'spam', filter, chance),
      byBot: true,
      refusedShare: rates.refusedShare,
      passed: true,
      unanswered: rates.ownExchangers,
    }
  }
  const inbound = victims.map(
    (who, i): SimulatedMail => ({
      ...spam(from + i * INBOUND_GAP),
      kind: 'in',
      people: [who],
      passed: inboundFirst?.passes ?? true,
    }),
  )
  sent = 0
  const begins = from + (inboundFirst ? INBOUND_FIRST : 0)
  const earnest = begins + (patience?.days ?? 0) * DAY
  const times = patience
    ? pace(chance, { ...rates, perHour: patience.perHour, byDay: true }, begins, earnest)
    : []
  times.push(...pace(chance, rates, earnest, made.until))
  return [...inbound, ...times.map(spam)].toSorted((a, b) => a.at - b.at)
}

type Pace = Pick<BotRates, 'perHour' | 'byDay' | 'most'>

function pace(
  chance: Random,
  { perHour, byDay, most }: Pace,
  from: number,
  until: number,
): number[] {
  const times: number[] = []
  const gap = HOUR / perHour
  for (let at = from; at < until && times.length < most; at += gap * (0.5 + chance.next())) {
    const hour = (at % DAY) / HOUR
    if (!byDay || (hour >= MORNING && hour <= NIGHT)) times.push(at)
  }
  return times
}

function awayOf({ stolen }: BotRates, sent: number, chance: Random): Away | undefined {
  if (stolen === undefined) return undefined
  if (stolen === 'one-network') return THIEF
  return {
    address: THIEF.address + sent,
    network: THIEF.network + 1 + chance.below(NETWORKS_OF_THIEVES),
  }
}

/** So many of them, none twice. */
function some<T>(from: readonly T[], many: number, chance: Random): T[] {
  const left = [...from]
  return Array.from({ length: Math.min(many, left.length) }, () =>
    left.splice(chance.below(left.length), 1),
  ).flat()
}

const nextHour = (at: number, hour: number): number => Math.ceil(at / DAY) * DAY + hour * HOUR
