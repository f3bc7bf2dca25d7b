// Second factors of customers, in the ledger. Each code is good once, and guessing is held back.

import { BoundedMap } from '../../model/bounded-map.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Records } from '../../ports/records.ts'
import type { SecondFactors } from '../../ports/second-factor.ts'
import { newSecret, stepOfCode } from './totp.ts'

export type StoredFactor = {
  /** The customer's number. */
  readonly id: string
  readonly secret: string
  /** The step of the last code that was used. */
  readonly last: number
}

/** Wrong codes in a quarter of an hour, from the customer's own place and from all others; of a million codes three are good at a time. */
const MAX_WRONG = 5
const WINDOW = 15 * MINUTE
/** Secrets that wait for their first code. */
const MAX_BEGUN = 10_000

/** `steady` goes on whatever happens to the clock on the wall: no customer is locked out until that has caught up. */
export function secondFactors(
  records: Records<StoredFactor>,
  steady: () => number = () => performance.now(),
): SecondFactors {
  const begun = new BoundedMap<string, string>(MAX_BEGUN)
  /** Only of customers that have a factor: there are so many entries at most, twice. */
  const wrong = new Map<string, number[]>()

  const check: SecondFactors['check'] = async (subscriber, code, { at, where }) => {
    const factor = records.get(subscriber)
    if (!factor) return 'wrong'
    const key = `${where} ${subscriber}`
    const lately = (wrong.get(key) ?? []).filter(one => one > steady() - WINDOW)
    if (lately.length >= MAX_WRONG) return 'wait'
    const step = stepOfCode(factor.secret, code, { at, last: factor.last })
    if (step === undefined) {
      wrong.set(key, [...lately, steady()])
      return 'wrong'
    }
    wrong.delete(key)
    // Another node may have taken the same code meanwhile.
    const used = await records.change(subscriber, now =>
      now?.secret === factor.secret && now.last < step ? { ...now, last: step } : undefined,
    )
    return used ? 'right' : 'wrong'
  }
  return {
    has: subscriber => records.get(subscriber) !== undefined,
    begin: subscriber => {
      if (records.get(subscriber)) return undefined
      const secret = newSecret()
      begun.set(subscriber, secret)
      return secret
    },
    confirm: async (subscriber, code, at) => {
      const secret = begun.get(subscriber)
      const step = secret && stepOfCode(secret, code, { at, last: 0 })
      if (!secret || !step || records.get(subscriber)) return false
      begun.delete(subscriber)
      const confirmed = await records.change(subscriber, now =>
        now ? undefined : { id: subscriber, secret, last: step },
      )
      return confirmed !== undefined
    },
    check,
    remove: async subscriber => {
      // A secret that waits for its first code, and what was mistyped, are not for the customer that has the number next.
      begun.delete(subscriber)
      for (const where of ['own', 'elsewhere']) wrong.delete(`${where} ${subscriber}`)
      if (records.get(subscriber)) await records.change(subscriber, () => 'gone')
    },
  }
}
