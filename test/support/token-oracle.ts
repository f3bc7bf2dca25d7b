// A token bucket as its promise reads (src/model/counter.ts), written as simply as it can be said: all that was ever taken is kept, and
// everything is computed anew from it. It shares nothing with the drivers.

import type { TokensOp } from '../../src/model/counter.ts'
import { DAY, HOUR } from '../../src/model/duration.ts'

/** Without an operation it was only asked: then a clock that went back is noticed, and nothing else. */
type TokensAsked = { readonly at: number; readonly op?: TokensOp }
type Spent = { at: number; cost: number }
type State = { tokens: number | undefined; at: number; day: Spent[]; week: Spent[] }

const DAY_SLOT = DAY / 12
const WEEK_SLOT = (7 * DAY) / 12
const YEAR = 365 * DAY

export function tokenOracle() {
  const asked: TokensAsked[] = []

  const rewound = (state: State, at: number): void => {
    if (state.tokens === undefined || at >= state.at - HOUR) return
    for (const [spent, length] of [
      [state.day, DAY_SLOT],
      [state.week, WEEK_SLOT],
    ] as const) {
      const inside = spent.filter(one => isInside(one.at, state.at, length))
      spent.length = 0
      spent.push(...inside.map(({ cost }) => ({ at, cost })))
    }
    state.at = at
  }
  const brought = (state: State, at: number, op: TokensOp): void => {
    rewound(state, at)
    const now = state.tokens === undefined ? at : Math.max(at, state.at)
    const before = state.tokens ?? op.cap
    const gained = state.tokens === undefined ? 0 : ((now - state.at) / HOUR) * op.perHour
    state.tokens = Math.min(op.cap, before + gained)
    state.at = now
  }
  /** Everything from the beginning, up to this time. */
  const stateAt = (at: number, op: TokensOp): State => {
    const state: State = { tokens: undefined, at: 0, day: [], week: [] }
    for (const taken of asked) {
      if (!taken.op) {
        rewound(state, taken.at)
        continue
      }
      brought(state, taken.at, taken.op)
      const { cost, cap, perDay, perWeek } = taken.op
      state.tokens = Math.min(cap, (state.tokens ?? 0) - cost)
      if (cost <= 0 || (perDay === undefined && perWeek === undefined)) continue
      state.day.push({ at: state.at, cost })
      state.week.push({ at: state.at, cost })
    }
    brought(state, at, op)
    return state
  }
  const isEnough = (at: number, op: TokensOp, tolerance: number): boolean => {
    const { tokens = 0, at: now, day, week } = stateAt(at, op)
    const { cost, cap, perDay = Infinity, perWeek = Infinity } = op
    if (cost <= 0) return true
    const fits = (spent: Spent[], length: number, ceiling: number) =>
      sumOf(spent.filter(one => isInside(one.at, now, length))) <=
      Math.max(0, ceiling - cost) + 1e-6
    return (
      tokens >= Math.min(cost, cap) - tolerance &&
      fits(day, DAY_SLOT, perDay) &&
      fits(week, WEEK_SLOT, perWeek)
    )
  }
  return {
    ask: (at: number) => void asked.push({ at }),
    take: (at: number, op: TokensOp) => void asked.push({ at, op }),
    tokens: (at: number, op: TokensOp) => stateAt(at, op).tokens ?? 0,
    isEnough: (at: number, op: TokensOp) => isEnough(at, op, 1e-6),
    /** The first millisecond at which there is enough. */
    enoughAt: (at: number, op: TokensOp): number => {
      if (isEnough(at, op, 1e-6)) return at
      const start = stateAt(at, op).at
      let [low, high] = [start, start + YEAR]
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if (isEnough(middle, op, 0)) high = middle
        else low = middle + 1
      }
      return low
    },
  }
}

const isInside = (at: number, now: number, length: number): boolean =>
  Math.floor(at / length) > Math.floor(now / length) - 12

const sumOf = (spent: readonly Spent[]): number => spent.reduce((sum, { cost }) => sum + cost, 0)
