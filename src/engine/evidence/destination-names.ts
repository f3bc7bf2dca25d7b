// Whose server a line knocks at: looked up when the knock is reported, before it has its turn, because a look-up that waits must keep no
// other report waiting. All that come at once are looked up at once; how long one may take is for the driver of look-ups to say.

import { egressAsks } from '../../core/detection/signs/signs.ts'
import type { NewEvent } from '../../model/event.ts'
import { answerTo } from '../../model/question.ts'
import type { Lookups } from '../../ports/lookups.ts'

/** A knock beyond that is counted without a name. */
const MOST_AT_ONCE = 500

export class DestinationNames {
  readonly #lookups: Lookups
  readonly #asking = new Set<Promise<NewEvent>>()

  constructor(lookups: Lookups) {
    this.#lookups = lookups
  }

  /** Undefined where nothing is to be looked up, or too much is already. */
  named(event: NewEvent): Promise<NewEvent> | undefined {
    if (event.kind !== 'egress-attempt' || this.#asking.size >= MOST_AT_ONCE) return undefined
    const question = egressAsks(event)
    if (!question) return undefined
    const named = this.#lookups.ask(question).then((fact): NewEvent => {
      const organisation = answerTo('organisation', fact)
      return organisation ? { ...event, organisation } : event
    })
    this.#asking.add(named)
    void named.finally(() => this.#asking.delete(named))
    return named
  }

  /** Resolves when what was asked so far is answered. */
  async idle(): Promise<void> {
    await Promise.all(this.#asking)
  }
}
