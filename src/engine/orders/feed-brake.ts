// What speaks against a list of all customers: it would take too many of them out, or too much from those who stay. Then the list is
// wrong: a part of a list takes out all other customers, and a list without a column takes what stood in it from all customers. Pure.

import { type FeedChange, LOSABLE, type Losable } from './feed-change.ts'

/** What may change without a reason: one in a hundred, */
const SHARE = 0.01
/** and in a smaller house so many plans, */
const PLANS_AT_LEAST = 20
/** and one customer who is gone, as at a reload; */
const GONE_AT_LEAST = 1
/** A list that is read by itself may lose one in ten of a small house, but no more than this: customers leave at the end of a month. */
const BY_ITSELF = { share: 0.1, most: 20 }
/** Entries that customers who stay may lose in any case. A contact changes more often than a login. */
const LOST_AT_LEAST: Readonly<Record<Losable, number>> = {
  logins: 1,
  addresses: 1,
  contacts: PLANS_AT_LEAST,
  flags: 1,
}

/** All reasons against the list, in words; undefined when there is none. `count`: number of customers. */
export function feedBrake(
  change: FeedChange,
  count: number,
  byItself: boolean,
): string | undefined {
  const reasons = [
    tooManyGone(change, count, byItself),
    tooManyPlans(change, count),
    ...LOSABLE.map(what => tooManyLost(what, change)),
  ].filter(one => one !== undefined)
  return reasons.length === 0 ? undefined : reasons.join('. ')
}

function tooManyGone({ gone }: FeedChange, count: number, byItself: boolean): string | undefined {
  if (gone.length === count && count > 0) return 'None of the customers would be left'
  const { share: some, most } = BY_ITSELF
  const small = byItself ? Math.min(most, Math.floor(count * some)) : 0
  const mayGo = Math.max(GONE_AT_LEAST, Math.floor(count * SHARE), small)
  return gone.length > mayGo
    ? `${gone.length} of ${count} customers would be gone; more than ${mayGo} at once is a mistake, or a list of only some of them`
    : undefined
}

function tooManyPlans({ plans, gone }: FeedChange, count: number): string | undefined {
  const mayChange = Math.max(PLANS_AT_LEAST, Math.floor(count * SHARE))
  // A customer who is gone has lost their plan, too.
  const changed = plans.length + gone.length
  return plans.length > 0 && changed > mayChange
    ? `The plans of ${changed} of ${count} customers would change; more than ${mayChange} at once is a mistake`
    : undefined
}

function tooManyLost(what: Losable, { lost, had }: FeedChange): string | undefined {
  const [gone, all] = [lost[what].length, had[what]]
  const mayGo = Math.max(LOST_AT_LEAST[what], Math.floor(all * SHARE))
  const isEach = gone === all && (all > 1 || (all === 1 && what === 'logins'))
  if (gone <= mayGo && !isEach) return undefined
  return `${gone} of ${all} ${what} of customers who stay would be gone; more than ${mayGo} at once, or all, is a mistake, or a list without them`
}
