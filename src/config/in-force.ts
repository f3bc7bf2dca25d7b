// What a configuration in force has that may be lost. A reload is taken at once, and some of it waits for a restart: what it adds is not in
// force before, so taking it back loses nothing; what it takes out was agreed to, and is not asked for again. Pure.

import { differs } from './differs.ts'
import { inBoth } from './multiset.ts'
import { footprintOf, type Footprint, type Gone, goneBetween } from './brake.ts'
import type { Config } from './schema.ts'
import { writtenIn } from './written.ts'

export type ConfigsInForce = {
  /** The configuration that Cordon started with. */
  readonly started: Config
  /** The configuration that was read and taken last, with what waits for a restart. */
  readonly agreed: Config
  /** The values that each part uses: from `started` those that wait for a restart, from `agreed` the rest. */
  readonly inForce: Config
}

/** The part of what is in force that was not agreed to go. */
export function footprintInForce(standing: ConfigsInForce): Footprint {
  const [agreed, inForce] = [footprintOf(standing.agreed), footprintOf(standing.inForce)]
  const both = {
    domains: inBoth(agreed.domains, inForce.domains),
    waysIn: inBoth(agreed.waysIn, inForce.waysIn),
    routes: inBoth(agreed.routes ?? [], inForce.routes ?? []),
    customers: Math.min(agreed.customers, inForce.customers),
    lists: fewer(agreed.lists ?? {}, inForce.lists ?? {}),
  }
  return writtenIn(standing.agreed) ? { ...both, ...writtenInForce(standing) } : both
}

/** Entries that the next configuration does not have any more, where they are gone from both. */
export function goneFromInForce({ agreed, inForce }: ConfigsInForce, next: Config): Gone {
  const one = goneBetween(agreed, next)
  // Where nothing waits that has entries, both have the same.
  const other = haveSameEntries(agreed, inForce) ? one : goneBetween(inForce, next)
  return {
    customers: Math.min(one.customers, other.customers),
    logins: Math.min(one.logins, other.logins),
    loginsBefore: one.loginsBefore,
    lists: fewer(one.lists, other.lists),
  }
}

const haveSameEntries = (a: Config, b: Config): boolean =>
  Object.entries(a).every(
    ([key, value]) => typeof value !== 'object' || value === b[key as keyof Config],
  )

/** Of a setting that waits: no more than was written at the start. Its entries may have changed beyond that; then they say what was agreed. */
function writtenInForce({
  started,
  agreed,
  inForce,
}: ConfigsInForce): Pick<Footprint, 'written' | 'layout'> {
  const { written = [], layout = [] } = footprintOf(agreed)
  const before = new Map(footprintOf(started).layout ?? written.map(key => [key, ''] as const))
  const waits = (key: string) => differs(agreed, inForce, key as keyof Config)
  const isThere = (key: string) => !waits(key) || before.has(key)
  return {
    written: written.filter(isThere),
    layout: layout
      .filter(([key]) => isThere(key))
      .map(([key, marks]) => {
        const old = before.get(key) ?? ''
        return [key, waits(key) && marks.startsWith(old) ? old : marks] as const
      }),
  }
}

type Counts = Readonly<Record<string, number>>

/** The smaller number of each that both have. */
const fewer = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(
    Object.entries(a).flatMap(([key, count]) => {
      const other = b[key]
      return other === undefined ? [] : [[key, Math.min(count, other)]]
    }),
  )
