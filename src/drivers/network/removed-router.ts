// An entry that is not in the configuration any more, with something written down as put on by it. There is no way to tell its devices any
// more; it must not be forgotten that they hold it, so that staff read it, and it is taken off when the entry comes back.

import { placeInSession, type Restriction } from '../../model/decision.ts'
import type { Held, Lifted } from '../../ports/network-control.ts'
import { type Failure, HeldFile } from './held-file.ts'
import { unconfirmed } from './unconfirmed.ts'
import type { OpenRouter } from './network-driver.ts'

type RemovedRouter = {
  readonly name: string
  readonly file: string
  /** What it was told is of sessions: nothing is left of one that accounting has ended. Else it is of addresses, whichever customer has them. */
  readonly isOfSessions: boolean
}

export function removedRouter({ name, file, isOfSessions }: RemovedRouter): OpenRouter {
  // Two users of one number may have had one address.
  const place = (entry: Restriction) =>
    isOfSessions ? `${placeInSession(entry)} ${entry.subscriber}` : placeInSession(entry)
  const held = new HeldFile(file, place)
  const failure: Failure = {
    standing: 'no entry',
    words: `its entry ${name} is not in the configuration any more, and its device may hold it still`,
  }
  const known = (subscriber?: string) =>
    held.list(subscriber).map((one): Held => ({ ...one, ...failure }))
  const isDone = ({ over }: Lifted) => isOfSessions && over === true
  return {
    name: `${name} (removed)`,
    worries: () => unconfirmed(`${name} (removed)`, known()),
    place,
    fits: () => false,
    apply: async () => undefined,
    revoke: entries =>
      held.lifting(
        entries,
        async mine => new Map(mine.filter(one => !isDone(one)).map(one => [one, failure])),
      ),
    list: async subscriber => known(subscriber),
  }
}
