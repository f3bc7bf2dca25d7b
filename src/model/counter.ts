// The five counter operations: what a rule or a detector may ask a counter store to do, atomically.

/** A rolling sum: 12 slots over the window, the oldest counted whole. Key: WHOM#WHAT, `login:ann@isp.example#limit-day`. */
export type SumOp = {
  readonly op: 'sum'
  readonly key: string
  readonly amount: number
  /** ms. */
  readonly window: number
  readonly limit?: number
  /** The batch is written before it is answered: a SIGKILL does not lose it, a power cut may. */
  readonly kept?: true
}
/** Distinct members seen in a window: exact to 1,024 or `room`, then "at least". `novel` asks how many of these are new. */
export type DistinctOp = {
  readonly op: 'distinct'
  readonly key: string
  readonly members: readonly string[]
  /** ms. */
  readonly window: number
  /** Members that are kept of it, 1,024 by default; beyond them those that were seen longest ago are forgotten. */
  readonly room?: number
  readonly limit?: number
  /** A take does not add these members: it asks whether they are there. */
  readonly asks?: true
  /** Members that are new to it are written before the batch is answered: a SIGKILL does not lose them, a power cut may. */
  readonly kept?: true
  /** A take adds these members only while `member` is among those of the distinct `key`, which is then seen again there, too. */
  readonly among?: { readonly key: string; readonly member: string }
}
/** First and last time something was seen, and how often. */
export type MarkOp = {
  readonly op: 'mark'
  readonly key: string
  /** ms from the last time it was seen. */
  readonly ttl: number
  /** A take does not count it as seen: it asks whether it was. */
  readonly asks?: true
}
/** A leaking sum: S ← max(0, S − perDay·Δt) + add, never below nothing or above max; `add` may be negative. */
export type LeakOp = {
  readonly op: 'leak'
  readonly key: string
  readonly add: number
  readonly perDay: number
  readonly max: number
  /** Added to so often before, says the caller: `count` goes on from there, should the store have lost some. */
  readonly after?: number
}
/**
 * A token bucket. Nothing but what was taken is kept of it: size and rate are the caller's, given anew with each operation, and hold
 * for all the time since the last take. It begins full.
 *
 * - Refill: `perHour` tokens an hour, continuously (half an hour at 1 is half a token), never above `cap`. A cap that grows adds
 *   nothing at once; a cap that shrinks takes what is above it, so a take of 0 with a cap of 1 leaves at most one token.
 * - `cost`: the operation is over its limit where there are less than `cost` tokens, to a millionth of a token. A cost above the cap
 *   could never be paid: it needs a full bucket and leaves the rest as debt, tokens below nothing. A cost of 0 or below is never over
 *   a limit; one below 0 gives tokens back, up to the cap.
 * - `perDay`, `perWeek`: ceilings on what is taken in a rolling day and week, counted as `sum` counts, in slots of 2 and 14 hours.
 *   Takes that name neither are counted in neither, what is given back is not taken off. A cost above a ceiling needs an empty window.
 * - `always`: taken even where there is not enough; the debt is paid first.
 * - A clock that goes backwards: up to an hour before the last take counts as the time of that take. More than that, the last take's
 *   clock was wrong: nothing is added, and time goes on from this one (a peek sets that right, too); what the windows held counts as taken now. A clock that jumps
 *   ahead fills the bucket, once.
 * - A bucket is forgotten, and so full, when nothing was taken of it for 8 days and it would be full at its last rate (in a year at most).
 */
export type TokensOp = {
  readonly op: 'tokens'
  readonly key: string
  readonly cost: number
  /** Above 0. */
  readonly cap: number
  readonly perHour: number
  readonly perDay?: number
  readonly perWeek?: number
}

export type Op = (SumOp | DistinctOp | MarkOp | LeakOp | TokensOp) & {
  /** Applied even when another operation of the batch is over its limit. */
  readonly always?: true
}

/** `value`: the sum, the number of distinct members, the count, S, or the tokens left; after a take it includes this batch. */
export type Reading = {
  readonly value: number
  /** distinct: how many of the members had not been seen in the window. */
  readonly novel?: number
  /** distinct: which these were, where only some of the members were new. */
  readonly fresh?: readonly string[]
  /** mark: first and previous time seen, absent when this is the first. */
  readonly first?: number
  readonly last?: number
  /** leak: how often it was added to. */
  readonly count?: number
  /**
   * tokens: when as much may be taken, or after a take as much again, if nothing else is taken of it until then; the present where it is
   * enough already, and never later than in a year: then ask again.
   */
  readonly enoughAt?: number
}

export type Batch = {
  /**
   * The same batch told twice within two days counts once: its readings come back, nothing is added. It is kept together with what it
   * moved, before it is answered: both are there after a restart, or neither.
   */
  readonly once?: string
  readonly at: number
  /**
   * `rollback`: what a take of these operations at this time has added is taken off again, because what was counted did not come about. Name
   * of `distinct` only the members that were new to it: the others were there before. A `leak` has its sum back, not its count.
   */
  readonly mode: 'peek' | 'take' | 'rollback'
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
