// Hands every event to its listeners: the journal on disk, the live view, the log, the metrics.

import type { Event } from '../../model/event.ts'
import type { Journal } from '../../ports/journal.ts'

export type EventBus = Journal & {
  /** Returns a function that stops listening. A listener that throws is taken off. */
  listen(listener: (event: Event) => void): () => void
}

export function createEventBus(): EventBus {
  const listeners = new Set<(event: Event) => void>()
  return {
    listen: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    write: event => {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch {
          listeners.delete(listener)
        }
      }
    },
  }
}
