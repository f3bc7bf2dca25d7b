// Every event, in the order it happened. Also where the live view and the log listen.

import type { Event } from '../model/event.ts'

export interface Journal {
  /** Takes the event at once; never blocks, never throws. */
  write(event: Event): void
}
