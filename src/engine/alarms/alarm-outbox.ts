// Alarms that are to be told, kept in the ledger until every channel has them and long enough afterwards that none is raised twice. What
// the disk refuses is told from memory, by channels that need no store, and written as soon as it can be.

import type { Alarm } from '../../model/alarm.ts'
import { DAY } from '../../model/duration.ts'
import type { Records } from '../../ports/records.ts'

/** `seq`: the order in which they were raised. */
export type KeptAlarm = Alarm & { readonly seq: number }

/** Longer than any decision lasts: what is in force is told again to a feed that has lost its place. */
const KEPT = 100 * DAY
/** No more are kept: a flood takes away the oldest that were told. */
const MOST_KEPT = 50_000

export type AlarmOutbox = {
  /** Resolves when it is on disk; rejects when it cannot be, and is told all the same where that is possible. */
  raise(alarm: Alarm): Promise<void>
  /** Those raised after this one, in their order. */
  waiting(after: number): readonly KeptAlarm[]
  /** Of the last one raised. */
  last(): number
  /** Writes what could not be written. */
  writeAgain(): Promise<void>
  /** `told`: every channel has come that far. */
  forget(told: number, at: number): Promise<void>
}

/** `begun`: how far channels have come, which may be further than any alarm that is still kept. */
export function alarmOutbox(kept: Records<KeptAlarm>, begun = 0): AlarmOutbox {
  const unwritten = new Map<string, KeptAlarm>()
  let last = begun
  for (const { seq } of kept.all()) last = Math.max(last, seq)
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
      await write(unwritten.get(alarm.id) ?? { ...alarm, seq: ++last })
    },
    waiting: after =>
      after >= last
        ? []
        : [...new Map([...unwritten, ...Array.from(kept.all(), one => [one.id, one] as const)])]
            .map(([, one]) => one)
            .filter(one => one.seq > after)
            .toSorted((a, b) => a.seq - b.seq),
    last: () => last,
    writeAgain: async () => {
      for (const alarm of unwritten.values()) await write(alarm)
    },
    forget: async (told, at) => {
      const oldest = [...kept.all()].filter(one => one.seq <= told).toSorted(bySeq)
      const tooMany = Math.max(0, [...kept.all()].length - MOST_KEPT)
      for (const [i, { id, at: raised }] of oldest.entries())
        if (i < tooMany || at - raised > KEPT) await kept.change(id, () => 'gone')
    },
  }
}

const bySeq = (a: KeptAlarm, b: KeptAlarm): number => a.seq - b.seq
