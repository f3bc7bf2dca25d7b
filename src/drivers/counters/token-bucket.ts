// The arithmetic of one token bucket (model/counter.ts says what it promises), apart from where it is kept.

import type { TokensOp } from '../../model/counter.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import { advance, ringIndex, SLOTS, sumOf } from './slot-ring.ts'

/** What was taken in a rolling window: twelve slots of `length` ms. */
export type Window = { readonly length: number; newest: number; readonly slots: Float64Array }
export type Bucket = {
  tokens: number
  /** Time of the last update, ms. */
  at: number
  /** Where a ceiling was ever named. */
  windows: { readonly day: Window; readonly week: Window } | undefined
}

type Terms = Omit<TokensOp, 'op' | 'key'>

const DAY_SLOT = DAY / SLOTS
const WEEK_SLOT = (7 * DAY) / SLOTS
/** If the clock steps back by more than this (ms), the earlier time is taken to be wrong. */
const LATE = HOUR
/** Fractions of a token are floating-point numbers. */
const SMALL = 1e-6
/** The longest wait that is reported, ms. */
const YEAR = 365 * DAY
/** How long an idle bucket is kept, ms: longer than any window counts. */
const KEPT = 8 * DAY

export const newWindows = (at: number): NonNullable<Bucket['windows']> => ({
  day: newWindow(DAY_SLOT, at),
  week: newWindow(WEEK_SLOT, at),
})

const newWindow = (length: number, at: number): Window => ({
  length,
  newest: Math.floor(at / length),
  slots: new Float64Array(SLOTS),
})

/** Brings it to this time, on these terms; its `at` is then the time that counts. */
export function bring(bucket: Bucket, at: number, { cap, perHour }: Terms): void {
  const since = at - bucket.at
  if (isAhead(bucket.at, at)) rewind(bucket, at)
  const gained = since > 0 ? (since * perHour) / HOUR : 0
  bucket.tokens = Math.min(cap, bucket.tokens + gained)
  bucket.at = Math.max(at, bucket.at)
}

/** The clock by which it was brought to `before` was wrong. */
export const isAhead = (before: number, at: number): boolean => before - at > LATE

/** Time goes on from here; what the windows held counts as taken now. */
export function rewind(bucket: Bucket, at: number): void {
  for (const window of Object.values(bucket.windows ?? {})) {
    const { length, slots, newest } = window
    const total = sumOf(slots, 0, newest, Math.floor(bucket.at / length))
    window.newest = Math.floor(at / length)
    slots.fill(0)
    slots[ringIndex(window.newest)] = total
  }
  bucket.at = at
}

/** The bucket must have been brought to its time. */
export function spend(bucket: Bucket, terms: Terms): void {
  const { cost, cap } = terms
  bucket.tokens = Math.min(cap, bucket.tokens - cost)
  if (!hasCeiling(terms)) return
  bucket.windows ??= newWindows(bucket.at)
  if (cost <= 0) return
  for (const window of Object.values(bucket.windows)) {
    const slot = Math.floor(bucket.at / window.length)
    advance(window.slots, 0, window.newest, slot)
    window.newest = Math.max(window.newest, slot)
    const index = ringIndex(slot)
    window.slots[index] = (window.slots[index] as number) + cost
  }
}

/** When the cost may be taken of a bucket that was brought to its time: that time itself, where it may be taken now. */
export function enoughAt({ tokens, at, windows }: Bucket, terms: Terms): number {
  const { cost, cap, perHour, perDay, perWeek } = terms
  if (cost <= 0) return at
  const missing = Math.min(cost, cap) - tokens
  const filled = missing <= SMALL ? at : at + Math.ceil((missing / perHour) * HOUR)
  const free = (window: Window | undefined, ceiling: number | undefined) =>
    window === undefined || ceiling === undefined ? at : freeAt(window, at, ceiling - cost)
  const enough = Math.max(filled, free(windows?.day, perDay), free(windows?.week, perWeek))
  return Math.min(enough, at + YEAR)
}

/** When at most `most` is left in the window, or nothing at all. */
function freeAt({ length, slots, newest }: Window, at: number, most: number): number {
  const now = Math.floor(at / length)
  for (let later = 0; later < SLOTS; later++) {
    if (sumOf(slots, 0, newest, now + later) <= Math.max(0, most) + SMALL)
      return later === 0 ? at : (now + later) * length
  }
  return (now + SLOTS) * length
}

/** When it may be forgotten, if nothing is taken of it until then. */
export function forgetAt({ tokens, at }: Bucket, { cap, perHour }: Terms): number {
  const full = tokens >= cap ? 0 : ((cap - tokens) / perHour) * HOUR
  return at + Math.max(KEPT, Math.min(YEAR, full))
}

const hasCeiling = ({ perDay, perWeek }: Terms) => perDay !== undefined || perWeek !== undefined
