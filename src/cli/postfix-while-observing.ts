// A Cordon that only observes must not keep mail waiting either: while it does not answer Postfix is to let mail go. Pure.

import { namedPlaces } from './postfix-named.ts'
import type { Postfix } from './postfix-services.ts'
import { valueIn } from './postfix-settings.ts'
import type { Places, Way } from './postfix-way.ts'
import { whenAway } from './postfix-when-away.ts'

const SERVICE = 'while Cordon does not answer'

/** Nothing of one that acts: it is the operator's choice then, and the doctor names what was chosen. */
export function whileObserving(postfix: Postfix, places: Places): readonly Way[] {
  if (places.observes !== true) return []
  const value = valueIn(postfix.settings)
  const named = namedPlaces(postfix, places).filter(({ isOurs }) => isOurs)
  const protocol = places.milter === undefined ? 'policy service' : 'milter'
  const chosen =
    named.length > 0
      ? named.flatMap(({ away }) => away)
      : [whenAway({ protocol, word: '', list: '', value })]
  const missing = chosen
    // What does harm is said of the door itself.
    .filter(({ isPassed, harm }) => !isPassed && harm === undefined)
    .map(({ said, pass }) => ({
      what: `all mail waits, although Cordon only observes, as ${said}`,
      write: pass,
    }))
  const state = missing.length === 0 ? 'mail goes on' : 'mail waits'
  return [{ service: SERVICE, asked: [], missing, notes: [], state }]
}
