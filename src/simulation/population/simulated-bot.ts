// The mail of one simulated bot, from when it begins.

import { HOUR } from '../../model/duration.ts'
import type { BotRates, FilterRates, Population } from './population-file.ts'
import type { Random } from './random.ts'
import type { SimulatedMail, SimulatedRecipient, Strangers } from './simulated-mail.ts'

export type BotAt = {
  readonly chance: Random
  readonly stranger: Strangers
  readonly known: readonly SimulatedRecipient[]
  readonly bought: Population['bought']
  readonly from: number
  readonly until: number
}

export function simulatedBot(
  rates: BotRates,
  filter: FilterRates,
  { chance, stranger, known, bought, from, until }: BotAt,
): SimulatedMail[] {
  const mail: SimulatedMail[] = []
  const gap = HOUR / rates.perHour
  const someone = () =>
    rates.to === 'known' ? chance.pick(known) : stranger(bought.gone, bought.refuses)
  for (let at = from; at < until && mail.length < rates.most; at += gap * (0.5 + chance.next()))
    mail.push({
      at,
      kind: 'out',
      people: Array.from({ length: rates.recipients }, someone),
      judged: filter.spam === undefined ? 'unseen' : chance.chance(filter.spam) ? 'spam' : 'clean',
      byBot: true,
      refusedShare: rates.refusedShare,
      passed: true,
    })
  return mail
}
