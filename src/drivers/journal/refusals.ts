// Finds refusals: the last ones in memory, older ones in the journal's file of that hour, one search at a time.

import { HOUR } from '../../model/duration.ts'
import type { Event, EventOf } from '../../model/event.ts'
import type { RefusalIds } from '../../mail/refusal-id.ts'
import type { Refusals } from '../../ports/refusals.ts'
import { readJournal } from './read-journal.ts'

/** Some ten megabytes. */
const IN_MEMORY = 20_000
/** What was searched for is remembered: a page is looked at more than once. */
const FOUND = 1000

export function refusals(folder: string, ids: RefusalIds): Refusals & { hear(event: Event): void } {
  const last = new Map<string, EventOf<'step-judged'>>()
  const searched = new Map<string, Promise<EventOf<'step-judged'> | undefined>>()
  let queue: Promise<unknown> = Promise.resolve()

  const search = async (id: string, at: number) => {
    for await (const event of readJournal(folder, at)) {
      if (event.kind === 'step-judged' && event.refusal === id) return event
      // A file is an hour; it is in this one or, written a little later, in the next.
      if (event.at > at + HOUR) return undefined
    }
    return undefined
  }
  return {
    hear: event => {
      if (event.kind !== 'step-judged' || event.refusal === undefined) return
      if (last.size >= IN_MEMORY) last.delete(last.keys().next().value as string)
      last.set(event.refusal, event)
    },
    find: async id => {
      const at = ids.read(id)
      if (at === undefined) return undefined
      const known = last.get(id)
      if (known) return known
      const before = searched.get(id)
      if (before) return before
      const found = queue.then(() => search(id, at))
      queue = found.catch(() => undefined)
      if (searched.size >= FOUND) searched.delete(searched.keys().next().value as string)
      searched.set(id, found)
      return found
    },
  }
}
