// Whether the doors that Postfix's settings name answer: each is asked once, where Postfix asks it.

import { asked, type Answered, type Protocol } from './postfix-asks.ts'
import { type Place, placesIn, QUEUE } from './postfix-place.ts'
import {
  type NamedPlace,
  namedPlaces,
  type Places,
  type Postfix,
  type Way,
} from './postfix-ways-in.ts'

type Ask = (protocol: Protocol, places: readonly Place[]) => Promise<Answered>

/** As entries of the list of ways in. */
export const doorsOf = (
  postfix: Postfix,
  places: Places,
  ask: Ask = asked,
): Promise<readonly Way[]> =>
  Promise.all(
    namedPlaces(postfix, places).map(async place => {
      const queue = postfix.settings.get('queue_directory') ?? QUEUE
      const answer = await ask(place.protocol, placesIn(place.written, queue))
      return wayOf(place, answer)
    }),
  )

function wayOf({ protocol, written, away }: NamedPlace, answer: Answered): Way {
  const service = `${protocol} at ${written}`
  const harms = away.flatMap(({ harm, said, write }) =>
    harm === undefined ? [] : [{ what: `while Cordon does not answer ${harm}, as ${said}`, write }],
  )
  if ('said' in answer) {
    const passed = away
      .filter(({ isPassed }) => isPassed)
      .map(({ said }) => `mail goes unasked while Cordon does not answer, as ${said}`)
    const notes = [`it says: ${answer.said}`, ...passed]
    return { service, asked: [protocol], missing: harms, notes, state: 'answers' }
  }
  const then = away.map(({ said }) => said).join(', ')
  const what = `Cordon does not answer there (${answer.silent}): with mail Postfix does what ${then}`
  const write = 'systemctl status cordon; and see address, port, socket and clients in cordon.yaml'
  const missing = [{ what, write }, ...harms]
  return { service, asked: [], missing, notes: [], state: 'does not answer' }
}
