// Evidence by episodes follows behind all other evidence: in lanes of its own, in the order in which the journal has the events of
// a subject, so that no sender waits for it.

import { episodeSubjects } from '../../core/detection/observations-in.ts'
import type { EpisodeSubject } from '../../model/episode.ts'
import type { Event } from '../../model/event.ts'
import type { Unit } from '../../model/evidence.ts'
import type { Episodes } from './episodes.ts'
import { createLanes } from './lanes.ts'

export type Behind = {
  /** As the event is written down; `units`: what it adds to the sums for the first time. Resolves when it is kept, or told that it is not. */
  readonly add: (event: Event, units: Promise<readonly Unit[]>) => Promise<void>
  /** Work after all that was added of these subjects so far. */
  after<T>(subjects: readonly EpisodeSubject[], work: () => Promise<T>): Promise<T>
  /** Resolves when all that was added so far is done. */
  readonly idle: () => Promise<void>
}

/** Events under way. A store that is slower than mail comes in loses what is more: they say nothing then. */
const MOST_WAITING = 20_000

export function createBehind(
  episodes: Episodes | undefined,
  trouble: (error: unknown, event: Event) => void,
): Behind {
  const lanes = createLanes()
  let waiting = 0
  return {
    add: async (event, units) => {
      const subjects = episodes ? episodeSubjects(event) : []
      if (!episodes || subjects.length === 0 || waiting >= MOST_WAITING) return
      waiting++
      // What could not be added up is told by the caller.
      const added = units.catch(() => [])
      try {
        await lanes.run({ subjects, urgent: true }, async () => episodes.add(event, await added))
      } catch (error) {
        trouble(error, event)
      } finally {
        waiting--
      }
    },
    after: <T>(subjects: readonly EpisodeSubject[], work: () => Promise<T>) => {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const job = { subjects, urgent: true }
      lanes.run(job, () => work().then(resolve, reject)).catch(reject)
      return promise
    },
    idle: lanes.idle,
  }
}
