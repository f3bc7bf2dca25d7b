// From where a login is used: a phone behind the addresses of a mobile network, a commercial VPN, a journey through countries.

import { DAY } from '../../model/duration.ts'
import type { AwayRates } from './population-file.ts'
import type { Random } from './random.ts'
import type { Away } from './simulated-mail.ts'

/** Undefined: from its own line. */
export function awayFrom(
  rates: AwayRates | undefined,
  chance: Random,
  from: number,
): (at: number) => Away | undefined {
  if (rates === undefined) return () => undefined
  const { share, addresses, networks, journeys } = rates
  return at => {
    if (!chance.chance(share)) return undefined
    const day = (at - from) / DAY
    if (journeys && day % journeys.everyDays >= journeys.days) return undefined
    const stay = journeys ? stayOf(day, journeys) : 0
    const address = chance.below(addresses)
    return {
      address: 1 + stay * addresses + address,
      network: 1 + stay * networks + (address % networks),
    }
  }
}

/** Numbered since the beginning. */
function stayOf(
  day: number,
  { everyDays, days, stayDays }: NonNullable<AwayRates['journeys']>,
): number {
  const each = Math.ceil(days / stayDays)
  return Math.floor(day / everyDays) * each + Math.floor((day % everyDays) / stayDays)
}
