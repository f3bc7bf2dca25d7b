// Past events through the same engine again: what would have been decided? No question is asked; what was not
// recorded is not known. Live and replay are one code path: this only drives `conduct` and the deadlines.

import { noScanner } from '../../drivers/scanners/heuristic.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Event, EventOf } from '../../model/event.ts'
import { type VirtualSettings, virtualCordon } from './virtual-cordon.ts'

/** Deadlines are looked at this often, as in a live run. */
const EVERY = 5 * MINUTE

type ReplaySettings = Omit<VirtualSettings, 'now' | 'scanner'>

export type Replay = {
  /** In the order in which they happened. */
  feed(event: Event): Promise<void>
  /** What evidence by episodes decided so far, in shadow. */
  episodes(): readonly EventOf<'episode-decided'>[]
  /** What would have been decided so far, where evidence only observes. */
  observed(): readonly EventOf<'decision-observed'>[]
  /** Everything that was decided, in order. */
  end(): Promise<readonly EventOf<'decision-made'>[]>
}

/** One event after the other, so that a week need not fit into memory. */
export async function startReplay(settings: ReplaySettings): Promise<Replay> {
  let now = 0
  let next = 0
  const cordon = await virtualCordon({ ...settings, scanner: noScanner, now: () => now })
  return {
    feed: async event => {
      if (now === 0) {
        now = event.at
        next = now + EVERY
      }
      for (; next <= event.at; next += EVERY) {
        now = next
        await cordon.engine.chores.deadlines(next)
      }
      now = Math.max(now, event.at)
      await cordon.engine.conduct(event)
      await cordon.engine.idle()
    },
    episodes: () => cordon.journal.filter(event => event.kind === 'episode-decided'),
    observed: () => cordon.journal.filter(event => event.kind === 'decision-observed'),
    end: async () => {
      const decided = cordon.journal.filter(event => event.kind === 'decision-made')
      await cordon.close()
      return decided
    },
  }
}

/** Everything that was decided, in order. */
export async function replay(
  events: readonly Event[],
  settings: ReplaySettings,
): Promise<readonly EventOf<'decision-made'>[]> {
  const running = await startReplay(settings)
  for (const event of events) await running.feed(event)
  return running.end()
}
