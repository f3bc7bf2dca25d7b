// The clocks of all sources whose records carry a timestamp: access servers, flow exporters, routers and NATs that log. A jump, and a clock
// that turns out to be off, is an alarm.

import { DAY, formatDuration } from '../model/duration.ts'
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

type KeepingClocks = TellerClocks & {
  /** Keeps when each was heard last. Not of access servers: theirs is kept when what they told is written, and says since when it is not. */
  noteHeard(): void
}

/** More tellers than this are one that gives itself ever new names; of those nothing is learned. */
const MAX_TELLERS = 10_000

/** What was known of a clock before a restart counts for so long (ms): it may have drifted, or be another one since. */
export const KNOWN_FOR = DAY

/** When a teller was heard, and by how much (ms) its clock was behind ours then, where that was known. */
export type KnownClock = { readonly at: number; readonly offset?: number | undefined }

/** What outlives a restart. */
export type KeptClocks = {
  of(kind: TellerKind, name: string): KnownClock | undefined
  note(kind: TellerKind, name: string, known: KnownClock): void
}
const NONE_KEPT: KeptClocks = { of: () => undefined, note: () => undefined }

export function tellerClocks(
  report: Engine['report'],
  now: () => number,
  kept: KeptClocks = NONE_KEPT,
): KeepingClocks {
  const clocks = new Map<string, { kind: TellerKind; name: string; clock: TellerClock }>()
  return {
    of: (kind, name) => {
      const key = `${kind} ${name}`
      const known = clocks.get(key)
      if (known) return known.clock
      const about = `${kind} ${name}`
      const isKept = clocks.size < MAX_TELLERS
      const clock = new TellerClock(
        jump =>
          report({
            kind: 'alarm-raised',
            alarm: 'teller-clock',
            at: now(),
            about,
            words: said(jump),
          }),
        offset => isKept && kept.note(kind, name, { at: now(), offset }),
      )
      const last = kept.of(kind, name)
      if (last && now() - last.at < KNOWN_FOR) {
        clock.heardAt = last.at
        if (last.offset !== undefined) clock.restore(last.offset, last.at)
      }
      if (isKept) clocks.set(key, { kind, name, clock })
      return clock
    },
    noteHeard: () => {
      for (const { kind, name, clock } of clocks.values()) {
        const { heardAt: at, settled, offset } = clock
        if (kind !== 'radius' && at > 0)
          kept.note(kind, name, { at, offset: settled ? offset : undefined })
      }
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
