// What must not be lost by a slip: a file that was cut off, or the file of another server, has every right form. A domain, a way for mail
// to come in, or more customers than a feed may take away (`src/engine/orders/take-feed.ts`) go only when somebody says why. Pure.

import type { Config } from './schema.ts'

/** What is kept of a configuration in force, to compare the next with, also over a restart. */
export type Footprint = {
  readonly domains: readonly string[]
  /** `submission port 587`, each as often as there are. The address may change. */
  readonly waysIn: readonly string[]
  readonly customers: number
}

/** One in a hundred, and twenty in a small house. */
const SHARE = 0.01
const AT_LEAST = 20

export function footprintOf(config: Config): Footprint {
  const { domains, listeners, policyService, milter, subscribers } = config
  return {
    domains: domains.map(one => one.toLowerCase()),
    waysIn: [
      ...listeners.map(({ kind, port }) => `${kind} listener on port ${port}`),
      ...(policyService ? ['policy service'] : []),
      ...(milter ? ['milter'] : []),
    ],
    customers: subscribers.length,
  }
}

/** What the next configuration does not have any more, in words; empty when nothing speaks against it. `gone`: customers by their ids, where they are known. */
export function lossesOf(before: Footprint, after: Footprint, gone?: number): readonly string[] {
  const domains = without(before.domains, after.domains)
  const waysIn = without(before.waysIn, after.waysIn)
  const customers = gone ?? before.customers - after.customers
  const most = Math.max(AT_LEAST, Math.floor(before.customers * SHARE))
  return [
    ...domains.map(one => `the domain ${one} is gone`),
    ...waysIn.map(one => `the ${one} is gone`),
    ...(customers > most
      ? [`${customers} of ${before.customers} customers are gone (more than ${most} at once)`]
      : []),
  ]
}

/** Customers that were there and are not. */
export function goneCustomers(before: Config, after: Config): number {
  const left = new Set(after.subscribers.map(one => one.id))
  return before.subscribers.filter(one => !left.has(one.id)).length
}

/** Nothing that it was there for is left: no reason makes this a reload. */
export const losesEverything = (before: Footprint, after: Footprint): boolean =>
  before.domains.length > 0 &&
  without(before.domains, after.domains).length === before.domains.length

function without(before: readonly string[], after: readonly string[]): string[] {
  const left = [...after]
  return before.filter(one => {
    const at = left.indexOf(one)
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}
