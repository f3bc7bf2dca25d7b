// Hands every event to its listeners: the journal on disk, the live view, the log, the metrics.

import type { Event, EventKind, EventOf } from '../../model/event.ts'
import type { Journal } from '../../ports/journal.ts'

export type EventBus = Journal & {
  /** Returns a function that stops listening. A listener that throws is taken off. */
  listen(listener: Listener): () => void
  /** To events of one kind, for as long as the bus is there: of a flood, others are not asked. */
  listenTo<K extends EventKind>(kind: K, listener: (event: EventOf<K>) => void): void
}

type Listener = (event: Event) => void

export function createEventBus(): EventBus {
  const ofAll = new Set<Listener>()
  const ofKind = new Map<EventKind, Set<Listener>>()
  return {
    listen: listener => {
      ofAll.add(listener)
      return () => ofAll.delete(listener)
    },
    listenTo: (kind, listener) => {
      const known = ofKind.get(kind) ?? new Set()
      ofKind.set(kind, known.add(listener as Listener))
    },
    write: event => {
      tell(ofAll, event)
      const more = ofKind.get(event.kind)
      if (more) tell(more, event)
    },
  }
}

function tell(listeners: Set<Listener>, event: Event): void {
  for (const listener of listeners) {
    try {
      listener(event)
    } catch {
      listeners.delete(listener)
    }
  }
}
