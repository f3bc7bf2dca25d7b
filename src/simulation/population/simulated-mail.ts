// One message of a simulated person or bot, and those to whom it goes.

import type { FilterRates } from './population-file.ts'
import type { Random } from './random.ts'

export type SimulatedRecipient = {
  readonly id: number
  /** Below `LARGE_PROVIDERS`: one of the large ones. */
  readonly domain: number
  readonly gone: boolean
  readonly refuses: boolean
  /** Its server answers after a quarter of an hour. */
  readonly slow: boolean
}

/** From where a login is used away from its line; numbers other than 0. */
export type Away = { readonly address: number; readonly network: number }

export type SimulatedMail = {
  readonly at: number
  /** `announced`: no mail, but that one to these people follows. */
  readonly kind: 'out' | 'in' | 'announced'
  /** Whose login it is. */
  readonly owner: number
  /** Undefined: from its own line. */
  readonly away?: Away | undefined
  /** To whom it goes, or from whom it comes. */
  readonly people: readonly SimulatedRecipient[]
  readonly judged: 'spam' | 'clean' | 'unseen'
  readonly byBot: boolean
  /** Chance that it is refused as spam, whoever it is for. */
  readonly refusedShare: number
  /** Of what came in: it passed DMARC. */
  readonly passed: boolean
  /** To our own exchangers: no other server answers. */
  readonly unanswered?: boolean
}

/** A third of all addresses is at a few providers. [est] */
const AT_LARGE = 0.35
export const LARGE_PROVIDERS = 8
const SLOW = 0.1

export type Strangers = (gone: number, refuses: number) => SimulatedRecipient

/** Makes people that were not there before. */
export function strangers(chance: Random): Strangers {
  let last = 0
  return (gone, refuses) => {
    const isGone = chance.chance(gone)
    return {
      id: ++last,
      domain: chance.chance(AT_LARGE)
        ? chance.below(LARGE_PROVIDERS)
        : LARGE_PROVIDERS + chance.below(100_000),
      gone: isGone,
      refuses: !isGone && chance.chance(refuses),
      slow: chance.chance(SLOW),
    }
  }
}

/** What a filter says of spam, or of clean mail. */
export function judgedAs(
  what: 'spam' | 'clean',
  filter: FilterRates,
  chance: Random,
): SimulatedMail['judged'] {
  const share = filter[what]
  if (share === undefined) return 'unseen'
  return chance.chance(share) ? 'spam' : 'clean'
}
