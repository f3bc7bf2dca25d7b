// What an order about a rollout would do: which lines would close, because port 25 would be closed for all of a part that have no permission
// of their own, or would open.

import { desired } from '../../core/isolation/desired.ts'
import { inPrefixes, watched } from '../../core/isolation/rollout.ts'
import { restrictionKey } from '../../model/decision.ts'
import type { Lease } from '../../model/lease.ts'
import type { RolloutPart, RolloutState } from '../../model/rollout.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { householdsOf, type HouseholdParts, lineWords } from '../orders/lines-changed.ts'

/** Prefixes that are only watched. */
export type Watched = readonly string[]

/** Prefixes that are only watched now, and that would be when the part is started, or rolled back. */
export function watchedThen(
  parts: readonly RolloutPart[],
  stateOf: (name: string) => RolloutState | undefined,
  { name, startedAt }: { readonly name: string; readonly startedAt: number | undefined },
): { readonly now: Watched; readonly then: Watched } {
  const then = (one: string): RolloutState | undefined => {
    const { startedAt: _now, ...state } = stateOf(one) ?? { id: one, told: [] }
    if (one !== name) return stateOf(one)
    return startedAt === undefined ? state : { ...state, startedAt }
  }
  return { now: watched(parts, stateOf), then: watched(parts, then) }
}

/** A line each; `users`, who use port 25 now, first. */
export function linesOfPart(
  parts: PrefixParts,
  { now, then }: { readonly now: Watched; readonly then: Watched },
  users: ReadonlySet<string>,
): readonly string[] {
  const words = { in: 'only watched', out: CLOSED }
  return linesByPrefix(parts, { now, then, words, drivers: isOfRollouts }, users)
}

export type PrefixParts = Omit<HouseholdParts, 'subscribers'> & {
  readonly subscribers: Pick<Subscribers, 'get' | 'all'>
  readonly network: readonly NetworkControl[]
}

type ByPrefix = {
  readonly now: readonly string[]
  readonly then: readonly string[]
  /** What port 25 of a line in the prefixes is, and of one outside of them. */
  readonly words: { readonly in: string; readonly out: string }
  readonly drivers: (driver: NetworkControl) => boolean
}

export const CLOSED = 'closed by the table'

const isOfRollouts = (driver: NetworkControl) => driver.watch !== undefined

/** Lines that have nothing of their own, and come into such prefixes or leave them. */
export function linesByPrefix(
  parts: PrefixParts,
  { now, then, words, drivers }: ByPrefix,
  users: ReadonlySet<string>,
): readonly string[] {
  if (now.join() === then.join()) return []
  const [isIn, wouldBe] = [inPrefixes(now), inPrefixes(then)]
  const moves = (lease: Pick<Lease, 'prefix'>) => isIn(lease) !== wouldBe(lease)
  const ids = Array.from(parts.subscribers.all(), ({ id }) => id).filter(id =>
    parts.leases.current(id).some(moves),
  )
  const first = ids.filter(id => users.has(id))
  const others = ids.filter(id => !users.has(id))
  return householdsOf(parts, [...first, ...others]).flatMap(household => {
    // What is decided of the line itself, or permitted to it, stays.
    const own = new Set(desired(household).map(restrictionKey))
    const { id } = household.subscriber
    return household.leases.flatMap(lease => {
      const entry = { ...lease, state: 'closed', walledGarden: false } as const
      if (!moves(lease) || own.has(restrictionKey(entry))) return []
      const uses = users.has(id) ? ' (uses port 25)' : ''
      const change = isIn(lease)
        ? { from: words.in, to: words.out }
        : { from: words.out, to: words.in }
      return parts.network
        .filter(driver => drivers(driver) && driver.fits(entry))
        .map(({ name }) => `${lineWords(name, entry, change)}${uses}`)
    })
  })
}
