// The clocks of all sources whose records carry a timestamp: access servers, flow exporters, routers and NATs that log. A jump, and a clock
// that turns out to be off, is an alarm.

import { formatDuration } from '../model/duration.ts'
import type { Engine } from '../ports/engine.ts'
import { type ClockJump, TellerClock } from './teller-clock.ts'

export type TellerKind = 'radius' | 'flows' | 'firewall-log' | 'nat-log'

/** One teller as it stands. */
export type TellerState = {
  readonly kind: TellerKind
  readonly name: string
  /** By how much its clock is behind ours (ms); negative: ahead. Undefined where it stamps nothing. */
  readonly offset?: number
  /** The offset is known; otherwise it is at most that. */
  readonly settled: boolean
  readonly heardAt: number
  /** What came later than others did last, by how much (ms) and when. */
  readonly late?: { readonly by: number; readonly at: number }
}

export type TellerClocks = {
  of(kind: TellerKind, name: string): TellerClock
  list(): readonly TellerState[]
}

/** More tellers than this are one that gives itself ever new names; of those nothing is learned. */
const MAX_TELLERS = 10_000

export function tellerClocks(report: Engine['report'], now: () => number): TellerClocks {
  const clocks = new Map<string, { kind: TellerKind; name: string; clock: TellerClock }>()
  return {
    of: (kind, name) => {
      const key = `${kind} ${name}`
      const known = clocks.get(key)
      if (known) return known.clock
      const about = `${kind} ${name}`
      const clock = new TellerClock(jump =>
        report({
          kind: 'alarm-raised',
          alarm: 'teller-clock',
          at: now(),
          about,
          words: said(jump),
        }),
      )
      if (clocks.size < MAX_TELLERS) clocks.set(key, { kind, name, clock })
      return clock
    },
    list: () =>
      [...clocks.values()].map(({ kind, name, clock: { offset, settled, heardAt, late } }) => ({
        kind,
        name,
        ...(offset === undefined ? {} : { offset }),
        settled,
        heardAt,
        ...(late === undefined ? {} : { late }),
      })),
  }
}

const said = ({ before, now }: ClockJump): string =>
  before === undefined
    ? `its clock is ${behind(now)}; what it tells is corrected by that`
    : `its clock jumped: it is ${behind(now)}, and was ${behind(before)}; what it tells is corrected by that`

/** In words for people. */
export function behind(offset: number): string {
  if (Math.abs(offset) < 1000) return 'right'
  return `${formatDuration(Math.abs(offset))} ${offset > 0 ? 'behind' : 'ahead'}`
}
