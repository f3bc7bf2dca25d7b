// The four counter operations: what a rule or a detector may ask a counter store to do, atomically.

/** A rolling sum: 12 slots over the window, the oldest counted whole. Key: WHOM#WHAT, `login:ann@isp.example#limit-day`. */
export type SumOp = {
  readonly op: 'sum'
  readonly key: string
  readonly amount: number
  readonly window: number
  readonly limit?: number
}
/** Distinct members seen in a window: exact to 1,024, then "at least". `novel` asks how many of these are new. */
export type DistinctOp = {
  readonly op: 'distinct'
  readonly key: string
  readonly members: readonly string[]
  readonly window: number
  readonly limit?: number
}
/** First and last time something was seen, and how often. */
export type MarkOp = { readonly op: 'mark'; readonly key: string; readonly ttl: number }
/** A leaking sum: S ← max(0, S − perDay·Δt) + add, never below nothing or above max; `add` may be negative. */
export type LeakOp = {
  readonly op: 'leak'
  readonly key: string
  readonly add: number
  readonly perDay: number
  readonly max: number
  /** Added to so often before, says who asks: `count` goes on from there, should the store have lost some. */
  readonly after?: number
}

export type Op = (SumOp | DistinctOp | MarkOp | LeakOp) & {
  /** Applied even when another operation of the batch is over its limit. */
  readonly always?: true
}

/** `value`: the sum, the number of distinct members, the count, or S; after a take it includes this batch. */
export type Reading = {
  readonly value: number
  /** distinct: how many of the members had not been seen in the window. */
  readonly novel?: number
  /** mark: first and previous time seen, absent when this is the first. */
  readonly first?: number
  readonly last?: number
  /** leak: how often it was added to. */
  readonly count?: number
}

export type Batch = {
  /**
   * The same batch told twice within two days counts once: its readings come back, nothing is added. It is kept together with what it
   * moved, before it is answered: both are there after a restart, or neither.
   */
  readonly once?: string
  readonly at: number
  readonly mode: 'peek' | 'take'
  readonly ops: readonly Op[]
}

export type Counted =
  | {
      readonly taken: boolean
      /** Index of the first operation over its limit. */
      readonly refusedBy?: number
      /** When that operation would have room again. */
      readonly resetAt?: number
      /** True when `once` had been seen before. */
      readonly repeated?: true
      readonly readings: readonly Reading[]
    }
  | { readonly failed: string }
