// How often something failed within a window, by key. Bounded: when it is full, the key that failed least makes room, the oldest of them
// first. So no client washes a count away by making others: those would have to fail as often, each of them.

import { MINUTE } from '../model/duration.ts'

export type FailureCounts = {
  of(key: string): number
  add(key: string): void
  forget(key: string): void
  /** So long until its failures are forgotten, in ms. */
  readonly forgottenIn: (key: string) => number
  /** True once in its window. */
  readonly tellOnce: (key: string) => boolean
}

export type FailureSettings = {
  /** Monotonic clock, ms. */
  readonly now: () => number
  /** ms from the first failure of a key; then all its failures are forgotten. */
  readonly window: number
  /** Keys that are counted; beyond it the oldest of those with the fewest failures goes. */
  readonly room: number
}

type FailureCount = { count: number; readonly since: number; told: boolean }

/** A full table is looked through for what is past no more often than this. */
const SWEEP_EVERY = MINUTE

export function failureCounts({ now, window, room }: FailureSettings): FailureCounts {
  const entries = new Map<string, FailureCount>()
  /** Keys by how often they failed; a Set remembers the order, and in this one it is that of the last failure. */
  const byCount: Set<string>[] = []
  let swept = Number.NEGATIVE_INFINITY

  const isPast = ({ since }: FailureCount) => now() - since >= window
  const remove = (key: string) => {
    byCount[entries.get(key)?.count ?? 0]?.delete(key)
    entries.delete(key)
  }
  const current = (key: string) => {
    const entry = entries.get(key)
    if (!entry || !isPast(entry)) return entry
    remove(key)
    return undefined
  }
  const makeRoom = () => {
    if (now() - swept >= SWEEP_EVERY) {
      swept = now()
      for (const [key, entry] of entries) if (isPast(entry)) remove(key)
    }
    if (entries.size < room) return
    const least = byCount.find(keys => keys !== undefined && keys.size > 0)
    const [oldest] = least ?? []
    if (oldest !== undefined) remove(oldest)
  }
  return {
    of: key => current(key)?.count ?? 0,
    add: key => {
      const before = current(key)
      if (!before && entries.size >= room) makeRoom()
      const entry = before ?? { count: 0, since: now(), told: false }
      byCount[entry.count]?.delete(key)
      entry.count++
      entries.set(key, entry)
      byCount[entry.count] ??= new Set()
      byCount[entry.count]?.add(key)
    },
    forget: key => remove(key),
    forgottenIn: key => {
      const entry = current(key)
      return entry ? entry.since + window - now() : 0
    },
    tellOnce: key => {
      const entry = current(key)
      if (!entry || entry.told) return false
      entry.told = true
      return true
    },
  }
}
