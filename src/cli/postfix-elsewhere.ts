// Milters and policy services of this machine that a Postfix names and that are no door of this Cordon: where nothing listens there, mail is
// not asked about, and most often Cordon was meant.

import type { PlaceAnswer, Protocol } from './postfix-asks.ts'
import type { NamedPlace } from './postfix-named.ts'
import type { Place } from './postfix-place.ts'
import type { Places, Way } from './postfix-way.ts'

export const isNear = ({ written }: NamedPlace): boolean =>
  /^(?:unix|local):|^inet:(?:127\.|\[?::1\]?:|localhost:)/.test(written)

/** Nothing listens; what is there and says something else may be right. */
const NOTHING = /\b(?:ECONNREFUSED|ENOENT)\b/

export async function elsewhere(
  { protocol, written, places, away }: NamedPlace,
  doors: Places,
  ask: (protocol: Protocol, places: readonly Place[]) => Promise<PlaceAnswer>,
): Promise<readonly Way[]> {
  const service = `${protocol} at ${written}`
  if (places.length === 0) {
    const isLeftOut = /:\d+$/.test(written)
    const notes = [
      isLeftOut
        ? 'not looked at: inet_protocols leaves it out'
        : 'not looked at: write the number of its port',
    ]
    return [{ service, asked: [], missing: [], notes, state: 'no door of this Cordon' }]
  }
  const answer = await ask(protocol, places)
  if (!('silent' in answer) || !NOTHING.test(answer.silent)) return []
  const door = protocol === 'milter' ? doors.milter : doors.policy
  const ours = door === undefined ? `this Cordon has no ${protocol}` : `Cordon's is at ${door}`
  const then = away.map(({ said }) => said).join(', ')
  const what = `nothing answers there (${answer.silent}), and ${ours}: with mail Postfix does what ${then}`
  const other = 'take it out, or start what is to listen there'
  const write = door === undefined ? other : `write ${door} in its place; or ${other}`
  return [{ service, asked: [], missing: [{ what, write }], notes: [], state: 'does not answer' }]
}
