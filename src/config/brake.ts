// What must not be lost by a slip: a file that was cut off, or the file of another server, has every right form. A domain, a way for mail to
// come in, a router, a route, a whole section, many entries of a list at once, or the end of the file go only with the operator's reason;
// one customer, one mailbox or one number goes without. Pure.

import { without } from './multiset.ts'
import { marksOf, tailLost } from './lost-tail.ts'
import { isSectionKey } from './schema-complaints.ts'
import type { Config } from './schema.ts'
import { DOORS, ROUTERS } from './way-in.ts'
import { writtenIn } from './written.ts'

/** What is kept of a configuration in force, to compare the next with, also over a restart. Of people there are only numbers and marks. */
export type Footprint = {
  readonly domains: readonly string[]
  /** `submission listener on port 587`, each as often as there are. The address may change. */
  readonly waysIn: readonly string[]
  readonly customers: number
  /** Settings at the top that were written. Without this and those below: kept by a version that did not compare them. */
  readonly written?: readonly string[]
  readonly routes?: readonly string[]
  /** How many entries each other list has. */
  readonly lists?: Readonly<Record<string, number>>
  /** Settings in the order of the file, and marks of their entries (src/config/lost-tail.ts). */
  readonly layout?: readonly (readonly [string, string])[]
}

/** What two configurations tell beyond their footprints: which entries are not there any more although as many others are. */
export type Gone = {
  readonly customers: number
  /** Logins of customers who are still there. */
  readonly logins: number
  readonly loginsBefore: number
  readonly lists: Readonly<Record<string, number>>
}

/** What may go of many without a reason: one in a hundred, and one in a small house; never all. */
const SHARE = 0.01
const AT_LEAST = 1

/** Settings of which is said more exactly what is gone. */
const TOLD: ReadonlySet<string> = new Set(['domains', 'routes', 'subscribers', ...DOORS])
/** Each of these carries out what is decided: none goes without a reason. */
const EACH_COUNTS: ReadonlySet<string> = new Set(ROUTERS)

/** Twenty thousand customers are gone through once. */
const KNOWN = new WeakMap<Config, Footprint>()

/** Of a configuration that another thread has read. */
export const noteFootprint = (config: Config, footprint: Footprint): void =>
  void KNOWN.set(config, footprint)

export function footprintOf(config: Config): Footprint {
  const known = KNOWN.get(config) ?? workedOut(config)
  KNOWN.set(config, known)
  return known
}

function workedOut(config: Config): Footprint {
  const { domains, subscribers, routes } = config
  const written = writtenIn(config)
  return {
    domains: domains.map(one => one.toLowerCase()),
    waysIn: DOORS.flatMap(key => waysOf(key, config[key])),
    customers: subscribers.length,
    routes: Object.keys(routes).map(one => one.toLowerCase()),
    lists: Object.fromEntries(listsOf(config).map(([key, entries]) => [key, entries.length])),
    ...(written
      ? {
          written: written.map(({ key }) => key),
          layout: written.map(({ key, entries }) => [key, marksOf(entries)] as const),
        }
      : {}),
  }
}

/** What the next configuration does not have any more, in words; empty when nothing speaks against it. `gone`: where both are known. */
export function lossesOf(before: Footprint, after: Footprint, gone?: Gone): readonly string[] {
  const routes = after.routes ? without(before.routes ?? [], after.routes) : []
  const customers = gone?.customers ?? before.customers - after.customers
  const { logins = 0, loginsBefore = 0 } = gone ?? {}
  const losses = [
    ...sectionsGone(before, after).map(one => `the setting ${one} is gone`),
    ...without(before.domains, after.domains).map(one => `the domain ${one} is gone`),
    ...without(before.waysIn, after.waysIn).map(one => `the ${one} is gone`),
    ...routes.map(one => `the route of ${one} is gone`),
    ...listsShorter(before, after, gone),
    ...(tooMany(customers, before.customers)
      ? [`${customers} of ${before.customers} customers are gone${atOnce(before.customers)}`]
      : []),
    ...(logins > most(loginsBefore)
      ? [`${logins} logins of customers who stay are gone${atOnce(loginsBefore)}`]
      : []),
  ]
  const cut = losses.length === 0 ? tailLost(before.layout, after.layout) : undefined
  return cut === undefined ? losses : [cut]
}

const NOTHING: Gone = { customers: 0, logins: 0, loginsBefore: 0, lists: {} }

export function goneBetween(before: Config, after: Config): Gone {
  if (before === after) return NOTHING
  const left = new Map(after.subscribers.map(one => [one.id, one.logins.map(loginName)]))
  const known = new Set(before.subscribers.map(one => one.id))
  const entries = new Map(listsOf(after))
  return {
    customers: before.subscribers.filter(one => !left.has(one.id)).length,
    logins: before.subscribers.reduce((sum, { id, logins }) => {
      const now = left.get(id)
      return sum + (now ? without(logins.map(loginName), now).length : 0)
    }, 0),
    loginsBefore: before.subscribers.reduce((sum, { logins }) => sum + logins.length, 0),
    lists: {
      ...Object.fromEntries(
        listsOf(before).map(([key, names]) => [key, without(names, entries.get(key) ?? []).length]),
      ),
      // Leases of a customer that is gone are gone, too.
      leases:
        before.leases.filter(({ subscriber }) => left.has(subscriber)).length -
        after.leases.filter(({ subscriber }) => known.has(subscriber)).length,
    },
  }
}

const loginName = ({ name }: { readonly name: string }): string => name.toLowerCase()

/** Nothing that it was there for is left: no reason makes this a reload. */
export const losesEverything = (before: Footprint, after: Footprint): boolean =>
  before.domains.length > 0 &&
  without(before.domains, after.domains).length === before.domains.length

function sectionsGone({ written }: Footprint, after: Footprint): readonly string[] {
  if (!written || !after.written) return []
  return without(written, after.written).filter(one => !TOLD.has(one) && isSectionKey(one))
}

/** Of a list that is gone altogether the setting is named, if that is known. */
function listsShorter(before: Footprint, after: Footprint, gone: Gone | undefined): string[] {
  const sections = new Set(sectionsGone(before, after))
  return Object.entries(before.lists ?? {}).flatMap(([key, entries]) => {
    const fewer = entries - (after.lists?.[key] ?? entries)
    const lost =
      gone?.lists[key] ?? (key === 'leases' ? fewer - leasesOfGone(before, after) : fewer)
    const each = EACH_COUNTS.has(key)
    const loses = each ? lost > 0 : tooMany(lost, entries)
    if (!loses || sections.has(key)) return []
    const limit = each ? '' : atOnce(entries)
    return [`${lost} of ${entries} entries of ${key} ${lost === 1 ? 'is' : 'are'} gone${limit}`]
  })
}

/** Leases of a customer that is gone are gone, too: as many as customers have, where only numbers are known. */
function leasesOfGone({ lists, customers }: Footprint, after: Footprint): number {
  const each = Math.ceil((lists?.['leases'] ?? 0) / Math.max(1, customers))
  return Math.max(0, customers - after.customers) * each
}

const most = (all: number): number => Math.max(AT_LEAST, Math.floor(all * SHARE))
const tooMany = (lost: number, all: number): boolean =>
  lost > 0 && (lost > most(all) || lost === all)
const atOnce = (all: number): string => (all > 1 ? ` (more than ${most(all)} at once)` : '')

/** A listener is known by its kind and port; what there is one of by its setting: `policyService` is a policy service. */
function waysOf(key: string, given: unknown): string[] {
  if (Array.isArray(given))
    return given.map(({ kind, port }) => `${kind} ${key.replace(/s$/, '')} on port ${port}`)
  return given === undefined ? [] : [key.replaceAll(/[A-Z]/g, ' $&').toLowerCase()]
}

/** Lists at the top, and what each entry of them is known by. An entry with parts may be changed: of these only the number counts. */
function listsOf(config: Config): (readonly [string, readonly string[]])[] {
  return Object.entries({ ...config, forwards: Object.keys(config.forwards) }).flatMap(
    ([key, value]) =>
      Array.isArray(value) && !TOLD.has(key)
        ? [[key, value.map(one => (typeof one === 'string' ? one.toLowerCase() : ''))] as const]
        : [],
  )
}
