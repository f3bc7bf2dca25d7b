// Mailings that are not planned: four people of ten have them, three of those twice a year and one monthly. Some lists are stale, one in twenty is
// taken for spam, one in fifty is refused by many. [est], as on the prototype ([proto] in src/core/detection/episodes/tables.ts).

import { DAY, HOUR, SECOND } from '../../model/duration.ts'
import { normal } from './draws.ts'
import type { FilterRates } from './population-file.ts'
import type { Random } from './random.ts'
import { judgedAs, type SimulatedMail, type Strangers } from './simulated-mail.ts'

const WHO_HAS = 0.4
const A_YEAR = [
  { share: 0.75, times: 2 },
  { share: 0.25, times: 12 },
] as const
const MISJUDGED = 0.05
const REFUSED = 0.02
const ALIKE = 0.7
const GAP = 20 * SECOND
/** A mailing to so many is announced by every second owner: they were asked before, when a smaller one waited. [est] */
const ANNOUNCED_FROM = 60
const ANNOUNCED = 0.5

export type OfMailing = {
  readonly at: number
  readonly but: Pick<SimulatedMail, 'people'> & Partial<SimulatedMail>
}

/** Messages of a mailing that begins on this day, if one does. */
export function chanceMailings(
  chance: Random,
  stranger: Strangers,
  filter: FilterRates,
  errors: number,
): (begins: number) => OfMailing[] {
  const has = chance.chance(WHO_HAS)
  const times = chance.chance(A_YEAR[0].share) ? A_YEAR[0].times : A_YEAR[1].times
  return begins => {
    if (!has || !chance.chance(times / 365)) return []
    const size = Math.round(10 * Math.exp(Math.abs(normal(chance)) * 1.1))
    // Beta of 1 and 9, of 2 and 1, of 1 and 3.
    const gone = 1 - chance.next() ** (1 / 9)
    const misjudged = chance.chance(MISJUDGED * errors) ? Math.sqrt(chance.next()) : 0
    const refusedShare = chance.chance(REFUSED * errors) ? 1 - chance.next() ** (1 / 3) : 1e-4
    const alike = chance.chance(ALIKE) ? judgedSo(misjudged, filter, chance) : undefined
    let at = begins + (9 + 10 * chance.next()) * HOUR
    const people = Array.from({ length: size }, () => stranger(gone, 0))
    const announced = size >= ANNOUNCED_FROM && chance.chance(ANNOUNCED)
    const mail = people.map((who): OfMailing => {
      at += GAP * (0.5 + chance.next())
      const judged = misjudged > 0 ? (alike ?? judgedSo(misjudged, filter, chance)) : undefined
      const but = { refusedShare, ...(judged === undefined ? {} : { judged }) }
      return { at: Math.min(at, begins + DAY - 1), but: { ...but, people: [who] } }
    })
    const first = mail[0]
    if (announced && first) mail.unshift({ at: first.at, but: { kind: 'announced', people } })
    return mail
  }
}

const judgedSo = (share: number, filter: FilterRates, chance: Random): SimulatedMail['judged'] =>
  judgedAs('clean', filter.clean === undefined ? filter : { clean: share }, chance)
