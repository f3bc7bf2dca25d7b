// NEXT of a list of the queue: when a message is tried, or looked at, or deleted if no word comes.

import { MAX_HOLD } from '../model/decision.ts'
import { formatDuration } from '../model/duration.ts'
import { isReturn } from '../model/episode.ts'
import { heldFor } from '../model/held-for.ts'
import type { QueueRow } from '../ports/spool.ts'
import { when } from './table.ts'

export function nextOf({ state, at, due, why, nats, bucket }: QueueRow): string {
  if (due <= at) return 'now'
  const time = `${when(due)} (${formatDuration(due - at)} after it came)`
  if (state === 'paced')
    return isReturn(bucket, at, due)
      ? `waits for quiet; returns ${time} if it is still there`
      : `about ${time}`
  if (state !== 'held') return time
  // Longer no message is held: what was to go by itself has gone before.
  if (due >= at + MAX_HOLD && nats > 0) return `waits for a word; deleted ${time}`
  // A look is no promise: its case may say then that it waits for a word.
  return heldFor(why).reason === 'evidence' ? `looked at again ${time}` : time
}
