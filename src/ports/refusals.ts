// Refusals by their names, for whoever was refused and wants to know why.

import type { EventOf } from '../model/event.ts'

export interface Refusals {
  /** Undefined when there is none of that name, or it is older than the journal. */
  find(id: string): Promise<EventOf<'step-judged'> | undefined>
}
