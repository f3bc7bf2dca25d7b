// Past events through the same engine again: what would have been decided? Nothing is asked of anybody; what was not
// recorded is not known. Live and replay are one code path: this only drives `conduct` and the deadlines.

import { noScanner } from '../../drivers/scanners/heuristic.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Event, EventOf } from '../../model/event.ts'
import { type VirtualSettings, virtualCordon } from './virtual-cordon.ts'

/** Deadlines are looked at this often, as in a live run. */
const EVERY = 5 * MINUTE

/** Everything that was decided, in order. */
export async function replay(
  events: readonly Event[],
  settings: Omit<VirtualSettings, 'now' | 'scanner'>,
): Promise<readonly EventOf<'decision-made'>[]> {
  let now = events[0]?.at ?? 0
  let next = now + EVERY
  const cordon = await virtualCordon({ ...settings, scanner: noScanner, now: () => now })
  for (const event of events) {
    for (; next <= event.at; next += EVERY) {
      now = next
      await cordon.engine.chores.deadlines(next)
    }
    now = Math.max(now, event.at)
    await cordon.engine.conduct(event)
    await cordon.engine.idle()
  }
  const decided = cordon.journal.filter(event => event.kind === 'decision-made')
  await cordon.close()
  return decided
}
