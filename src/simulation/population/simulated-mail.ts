// One message of a simulated person or bot, and those to whom it goes.

import type { FilterRates } from './population-file.ts'
import type { Random } from './random.ts'

export type SimulatedRecipient = {
  readonly id: number
  /** Number of the domain; below `LARGE_PROVIDERS` it is a large provider. */
  readonly domain: number
  readonly gone: boolean
  readonly refuses: boolean
  /** Its server answers after a quarter of an hour. */
  readonly slow: boolean
}

/** The client of a login that is used away from its line; numbers from 1. */
export type Away = { readonly address: number; readonly network: number }

export type SimulatedMail = {
  readonly at: number
  /** `announced`: no message yet; says that one to these people follows. */
  readonly kind: 'out' | 'in' | 'announced'
  /** Number of the person that the login belongs to. */
  readonly owner: number
  /** Undefined: sent from the person's own line. */
  readonly away?: Away | undefined
  /** Recipients of `out`, senders of `in`. */
  readonly people: readonly SimulatedRecipient[]
  readonly judged: 'spam' | 'clean' | 'unseen'
  readonly byBot: boolean
  /** 0 to 1. Chance that a recipient's server refuses it as spam. */
  readonly refusedShare: number
  /** An incoming message passed DMARC. */
  readonly passed: boolean
  /** Delivered to our own servers, so that no other server's answer follows. */
  readonly unanswered?: boolean
}

/** Share of recipients at a few large providers. [est] */
const AT_LARGE = 0.35
export const LARGE_PROVIDERS = 8
const SLOW = 0.1

export type Strangers = (gone: number, refuses: number) => SimulatedRecipient

/** Makes recipients that have not occurred before. */
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

/** The content scanner's verdict on spam, or on clean mail. */
export function judgedAs(
  what: 'spam' | 'clean',
  filter: FilterRates,
  chance: Random,
): SimulatedMail['judged'] {
  const share = filter[what]
  if (share === undefined) return 'unseen'
  return chance.chance(share) ? 'spam' : 'clean'
}
