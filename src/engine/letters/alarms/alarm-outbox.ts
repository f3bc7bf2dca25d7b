// Alarms that are to be told, kept in the ledger until every channel has them and long enough afterwards that none is raised twice. What
// the disk refuses is told from memory, by channels that need no store, and written as soon as it can be.

import type { Alarm } from '../../../model/alarm.ts'
import { DAY } from '../../../model/duration.ts'
import type { Records } from '../../../ports/records.ts'

/** `seq`: the order in which they were raised. */
export type KeptAlarm = Alarm & { readonly seq: number }

/** Longer than any decision lasts: what is in force is told again to a feed that has lost its place. */
const KEPT = 100 * DAY
/** No more are kept: a flood takes away the oldest that were told. */
const MOST_KEPT = 50_000

const NONE: ReadonlySet<string> = new Set()

export type AlarmOutbox = {
  /** Resolves when it is on disk; rejects when it cannot be, and is told all the same where that is possible. */
  raise(alarm: Alarm): Promise<void>
  /** Those raised after this one, in their order. */
  waiting(after: number): readonly KeptAlarm[]
  /** Of the last one raised. */
  last(): number
  /** Writes what could not be written. */
  writeAgain(): Promise<void>
  /** `told`: every channel has come that far. `standing`: alarms that are raised again for as long as it is so. */
  forget(told: number, at: number, standing?: ReadonlySet<string>): Promise<void>
}

/** `begun`: how far channels have come, which may be further than any alarm that is still kept. */
export function alarmOutbox(kept: Records<KeptAlarm>, begun = 0): AlarmOutbox {
  const unwritten = new Map<string, KeptAlarm>()
  /** All of them in their order, those that could not be written included. */
  let order = [...kept.all()].toSorted((a, b) => a.seq - b.seq)
  let last = Math.max(begun, order.at(-1)?.seq ?? 0)
  const write = async (alarm: KeptAlarm) => {
    try {
      await kept.change(alarm.id, now => now ?? alarm)
      unwritten.delete(alarm.id)
    } catch (error) {
      unwritten.set(alarm.id, alarm)
      throw error
    }
  }
  return {
    raise: async alarm => {
      if (kept.get(alarm.id)) return
      const before = unwritten.get(alarm.id)
      const raised = before ?? { ...alarm, seq: ++last }
      if (!before) order.push(raised)
      await write(raised)
    },
    waiting: after =>
      after >= last ? [] : order.slice(order.findLastIndex(({ seq }) => seq <= after) + 1),
    last: () => last,
    writeAgain: async () => {
      for (const alarm of unwritten.values()) await write(alarm)
    },
    forget: async (told, at, standing = NONE) => {
      const tooMany = order.length - MOST_KEPT
      const gone = order.filter(
        (one, i) =>
          one.seq <= told &&
          (i < tooMany || at - one.at > KEPT) &&
          !unwritten.has(one.id) &&
          !standing.has(one.id),
      )
      if (gone.length === 0) return
      for (const { id } of gone) await kept.change(id, () => 'gone')
      const left = new Set(gone)
      order = order.filter(one => !left.has(one))
    },
  }
}
