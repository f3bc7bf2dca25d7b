// Mailings that nobody plans: four people of ten have them, three of those twice a year and one monthly. Some lists are stale, one in twenty is
// taken for spam, one in fifty is refused by many. [est], as on the prototype of which docs/evidence.md tells.

import { DAY, HOUR, SECOND } from '../../model/duration.ts'
import { normal } from './draws.ts'
import type { FilterRates } from './population-file.ts'
import type { Random } from './random.ts'
import {
  judgedAs,
  type SimulatedMail,
  type SimulatedRecipient,
  type Strangers,
} from './simulated-mail.ts'

const WHO_HAS = 0.4
const A_YEAR = [
  { share: 0.75, times: 2 },
  { share: 0.25, times: 12 },
] as const
const MISJUDGED = 0.05
const REFUSED = 0.02
const ALIKE = 0.7
const GAP = 20 * SECOND

export type OfMailing = {
  readonly at: number
  readonly who: SimulatedRecipient
  readonly but: Partial<SimulatedMail>
}

/** Messages of a mailing that begins on this day, if one does. */
export function chanceMailings(
  chance: Random,
  stranger: Strangers,
  filter: FilterRates,
): (begins: number) => OfMailing[] {
  const has = chance.chance(WHO_HAS)
  const times = chance.chance(A_YEAR[0].share) ? A_YEAR[0].times : A_YEAR[1].times
  return begins => {
    if (!has || !chance.chance(times / 365)) return []
    const size = Math.round(10 * Math.exp(Math.abs(normal(chance)) * 1.1))
    // Beta of 1 and 9, of 2 and 1, of 1 and 3.
    const gone = 1 - chance.next() ** (1 / 9)
    const misjudged = chance.chance(MISJUDGED) ? Math.sqrt(chance.next()) : 0
    const refusedShare = chance.chance(REFUSED) ? 1 - chance.next() ** (1 / 3) : 1e-4
    const alike = chance.chance(ALIKE) ? judgedSo(misjudged, filter, chance) : undefined
    let at = begins + (9 + 10 * chance.next()) * HOUR
    return Array.from({ length: size }, () => {
      at += GAP * (0.5 + chance.next())
      const judged = misjudged > 0 ? (alike ?? judgedSo(misjudged, filter, chance)) : undefined
      const but = { refusedShare, ...(judged === undefined ? {} : { judged }) }
      return { at: Math.min(at, begins + DAY - 1), who: stranger(gone, 0), but }
    })
  }
}

const judgedSo = (share: number, filter: FilterRates, chance: Random): SimulatedMail['judged'] =>
  judgedAs('clean', filter.clean === undefined ? filter : { clean: share }, chance)
