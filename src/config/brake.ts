// What must not be lost by a slip: a file that was cut off, or the file of another server, has every right form. What was written at the
// top, a domain, a way for mail to come in, an entry of a list, or more than a few customers go only when somebody says why. Pure.

import type { Config } from './schema.ts'
import { writtenIn } from './written.ts'

/** What is kept of a configuration in force, to compare the next with, also over a restart. Of people there are only numbers. */
export type Footprint = {
  readonly domains: readonly string[]
  /** `submission port 587`, each as often as there are. The address may change. */
  readonly waysIn: readonly string[]
  readonly customers: number
  /** Settings at the top that were written. Without this and the next two: kept by a version that did not compare them. */
  readonly written?: readonly string[]
  readonly routes?: readonly string[]
  /** How many entries each other list has. */
  readonly lists?: Readonly<Record<string, number>>
}

/** What two configurations tell beyond their footprints: who is not there any more although as many others are. */
export type Gone = {
  readonly customers: number
  /** Customers who are still there, and have no login any more. */
  readonly withoutLogins: number
  readonly lists: Readonly<Record<string, number>>
}

/** Customers and leases that may go without a reason: one in a hundred, and one in a small house; never all. */
const SHARE = 0.01
const AT_LEAST = 1

/** Lists that change every day. */
const DAILY: ReadonlySet<string> = new Set(['leases'])
/** Settings of which is said more exactly what is gone. */
const TOLD: ReadonlySet<string> = new Set([
  'domains',
  'listeners',
  'policyService',
  'milter',
  'routes',
  'subscribers',
])

export function footprintOf(config: Config): Footprint {
  const { domains, listeners, policyService, milter, subscribers, routes } = config
  const written = writtenIn(config)
  return {
    domains: domains.map(one => one.toLowerCase()),
    waysIn: [
      ...listeners.map(({ kind, port }) => `${kind} listener on port ${port}`),
      ...(policyService ? ['policy service'] : []),
      ...(milter ? ['milter'] : []),
    ],
    customers: subscribers.length,
    ...(written ? { written } : {}),
    routes: Object.keys(routes).map(one => one.toLowerCase()),
    lists: Object.fromEntries(listsOf(config).map(([key, entries]) => [key, entries.length])),
  }
}

/** What the next configuration does not have any more, in words; empty when nothing speaks against it. `gone`: where both are known. */
export function lossesOf(before: Footprint, after: Footprint, gone?: Gone): readonly string[] {
  const routes = after.routes ? without(before.routes ?? [], after.routes) : []
  const customers = gone?.customers ?? before.customers - after.customers
  const homeless = gone?.withoutLogins ?? 0
  return [
    ...sectionsGone(before, after).map(one => `the setting ${one} is gone`),
    ...without(before.domains, after.domains).map(one => `the domain ${one} is gone`),
    ...without(before.waysIn, after.waysIn).map(one => `the ${one} is gone`),
    ...routes.map(one => `the route of ${one} is gone`),
    ...listsShorter(before, after, gone),
    ...(tooMany(customers, before.customers)
      ? [`${customers} of ${before.customers} customers are gone${atOnce(before.customers)}`]
      : []),
    ...(homeless > 0 ? [`${homeless} of the customers who stay have no login any more`] : []),
  ]
}

export function goneBetween(before: Config, after: Config): Gone {
  const left = new Map(after.subscribers.map(one => [one.id, one.logins.length]))
  const entries = new Map(listsOf(after))
  return {
    customers: before.subscribers.filter(one => !left.has(one.id)).length,
    withoutLogins: before.subscribers.filter(
      ({ id, logins }) => logins.length > 0 && left.get(id) === 0,
    ).length,
    lists: Object.fromEntries(
      listsOf(before).map(([key, names]) => [key, without(names, entries.get(key) ?? []).length]),
    ),
  }
}

/** Nothing that it was there for is left: no reason makes this a reload. */
export const losesEverything = (before: Footprint, after: Footprint): boolean =>
  before.domains.length > 0 &&
  without(before.domains, after.domains).length === before.domains.length

function sectionsGone({ written }: Footprint, after: Footprint): string[] {
  if (!written || !after.written) return []
  return without(written, after.written).filter(one => !TOLD.has(one))
}

/** Of a list that is gone altogether the setting is named, if that is known. */
function listsShorter(before: Footprint, after: Footprint, gone: Gone | undefined): string[] {
  const sections = new Set(sectionsGone(before, after))
  return Object.entries(before.lists ?? {}).flatMap(([key, entries]) => {
    const lost = gone?.lists[key] ?? entries - (after.lists?.[key] ?? entries)
    const loses = DAILY.has(key) ? tooMany(lost, entries) : lost > 0
    if (!loses || sections.has(key)) return []
    const limit = DAILY.has(key) ? atOnce(entries) : ''
    return [`${lost} of ${entries} entries of ${key} ${lost === 1 ? 'is' : 'are'} gone${limit}`]
  })
}

const most = (all: number): number => Math.max(AT_LEAST, Math.floor(all * SHARE))
const tooMany = (lost: number, all: number): boolean =>
  lost > 0 && (lost > most(all) || lost === all)
const atOnce = (all: number): string => (all > 1 ? ` (more than ${most(all)} at once)` : '')

/** Lists at the top, and what each entry of them is known by. An entry with parts may be changed: of these only the number counts. */
function listsOf(config: Config): (readonly [string, readonly string[]])[] {
  return Object.entries({ ...config, forwards: Object.keys(config.forwards) }).flatMap(
    ([key, value]) =>
      Array.isArray(value) && !TOLD.has(key)
        ? [[key, value.map(one => (typeof one === 'string' ? one.toLowerCase() : ''))] as const]
        : [],
  )
}

/** Those of `before` that `after` does not have, or not as often. */
function without(before: readonly string[], after: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const one of after) left.set(one, (left.get(one) ?? 0) + 1)
  return before.filter(one => {
    const there = left.get(one) ?? 0
    left.set(one, there - 1)
    return there <= 0
  })
}
