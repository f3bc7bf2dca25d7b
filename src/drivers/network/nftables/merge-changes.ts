// Several changes for one run of nft: for each place the last word counts, and taking off what one customer had never takes away what
// another has there by now, on the router or in the same run. Pure.

import { type Restriction, restrictionKey } from '../../../model/decision.ts'
import type { Held } from '../../../ports/network-control.ts'

export type Change = { readonly put: readonly Restriction[]; readonly drop: readonly Restriction[] }

/** `at`: what is, or may be, where an entry is to be. */
export function mergeChanges(
  changes: readonly Change[],
  at: (entry: Restriction) => Held | undefined,
): Change {
  const last = new Map<string, { readonly entry: Restriction; readonly isPut: boolean }>()
  for (const { put, drop } of changes) {
    for (const entry of drop) {
      const meanwhile = last.get(restrictionKey(entry))
      const owner = (meanwhile?.isPut ? meanwhile.entry : at(entry))?.subscriber
      if (owner === undefined || owner === entry.subscriber)
        last.set(restrictionKey(entry), { entry, isPut: false })
    }
    for (const entry of put) last.set(restrictionKey(entry), { entry, isPut: true })
  }
  const all = [...last.values()]
  return {
    put: all.filter(({ isPut }) => isPut).map(({ entry }) => entry),
    drop: all.filter(({ isPut }) => !isPut).map(({ entry }) => entry),
  }
}

/** Servers that are not named any more are taken out with the rest of what stands there. */
export const alsoGone = (
  { put, drop }: Change,
  at: (entry: Restriction) => Held | undefined,
): readonly Restriction[] => [
  ...drop,
  ...[...put, ...drop].flatMap(entry => {
    const before = at(entry)
    return before?.destinations ? [before] : []
  }),
]

/** After a run that failed: it may have been done or not, and so may what stood there before. */
export function unsureOf(entry: Restriction, before: Held | undefined, words: string): Held {
  const destinations = [
    ...new Set([...(before?.destinations ?? []), ...(entry.destinations ?? [])]),
  ]
  return {
    ...entry,
    ...(destinations.length > 0 ? { destinations } : {}),
    standing: 'unsure',
    words,
  }
}
