// What an order about a rollout would do: which lines would close, because port 25 would be closed for all of a part that have no permission
// of their own, or would open.

import { desired } from '../../core/isolation/desired.ts'
import { inPrefixes, watched } from '../../core/isolation/rollout.ts'
import { restrictionKey } from '../../model/decision.ts'
import type { RolloutPart, RolloutState } from '../../model/rollout.ts'
import { type DryRunParts, householdsOf, lineWords } from '../orders/lines-changed.ts'

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
  parts: DryRunParts,
  { now, then }: { readonly now: Watched; readonly then: Watched },
  users: ReadonlySet<string>,
): readonly string[] {
  const [isWatched, wouldBe] = [inPrefixes(now), inPrefixes(then)]
  const ids = [...parts.subscribers.all()].map(({ id }) => id)
  const first = ids.filter(id => users.has(id))
  const others = ids.filter(id => !users.has(id))
  return householdsOf(parts, [...first, ...others]).flatMap(household => {
    // What is decided of the line itself, or permitted to it, stays.
    const own = new Set(desired(household).map(restrictionKey))
    const { id } = household.subscriber
    return household.leases.flatMap(lease => {
      const change = [isWatched(lease), wouldBe(lease)]
      const entry = { ...lease, state: 'closed', walledGarden: false } as const
      if (change[0] === change[1] || own.has(restrictionKey(entry))) return []
      const uses = users.has(id) ? ' (uses port 25)' : ''
      const [from, to] = change.map(only => (only ? 'only watched' : 'closed by the table'))
      return parts.network
        .filter(driver => driver.watch !== undefined && driver.fits(entry))
        .map(({ name }) => `${lineWords(name, entry, { from: from ?? '', to: to ?? '' })}${uses}`)
    })
  })
}
