// Whether the doors that Postfix's settings name answer: each is asked once, where Postfix looks for it and as Postfix's user.

import { asked, type PlaceAnswer, type Protocol } from './postfix-asks.ts'
import type { RefusedTo } from './opens-as.ts'
import { elsewhere, isNear } from './postfix-elsewhere.ts'
import { type NamedPlace, namedPlaces } from './postfix-named.ts'
import { type Place, QUEUE } from './postfix-place.ts'
import type { Postfix } from './postfix-services.ts'
import { valueIn } from './postfix-settings.ts'
import type { Places, Way } from './postfix-way.ts'

export type Asks = {
  readonly ask: (protocol: Protocol, places: readonly Place[]) => Promise<PlaceAnswer>
  /** What this user is told at a socket; undefined: it may open it, or that cannot be known here. */
  readonly refused: (socket: string, user: string) => RefusedTo | undefined
}

const NOT_TRIED: Asks['refused'] = () => undefined

/** As entries of the list of ways in. */
export async function doorsOf(
  postfix: Postfix,
  places: Places,
  { ask = asked, refused = NOT_TRIED }: Partial<Asks> = {},
): Promise<readonly Way[]> {
  const found = await Promise.all(
    namedPlaces(postfix, places).map(async place => {
      if (!place.isOurs) return isNear(place) ? elsewhere(place, places, ask) : []
      const answer = await ask(place.protocol, place.places)
      return [wayOf(postfix, place, { answer, refused })]
    }),
  )
  return found.flat()
}

type DoorAnswer = { readonly answer: PlaceAnswer; readonly refused: Asks['refused'] }

function wayOf(postfix: Postfix, place: NamedPlace, { answer, refused }: DoorAnswer): Way {
  const { protocol, written, away } = place
  const service = `${protocol} at ${written}`
  const harms = away.flatMap(({ harm, said, write }) =>
    harm === undefined ? [] : [{ what: `while Cordon does not answer ${harm}, as ${said}`, write }],
  )
  const silent =
    'said' in answer ? refusedTo(postfix, place, refused) : silence(postfix, place, answer)
  if ('said' in answer && !silent) {
    const passed = away
      .filter(({ isPassed }) => isPassed)
      .map(({ said }) => `mail goes unasked while Cordon does not answer, as ${said}`)
    const notes = [`it says: ${answer.said}`, ...passed]
    return { service, asked: [protocol], missing: harms, notes, state: 'answers' }
  }
  const then = away.map(({ said }) => said).join(', ')
  const { what, write } = silent ?? { what: '', write: '' }
  const missing = [{ what: `${what}: with mail Postfix does what ${then}`, write }, ...harms]
  return { service, asked: [], missing, notes: [], state: 'does not answer' }
}

type Missing = Way['missing'][number]

/** It answers here, and it is Postfix's user that asks. */
function refusedTo(
  postfix: Postfix,
  { places }: NamedPlace,
  refused: Asks['refused'],
): Missing | undefined {
  const user = valueIn(postfix.settings)('mail_owner') || 'postfix'
  const [place] = places
  const no = place && 'path' in place ? refused(place.path, user) : undefined
  if (!no || !place || !('path' in place)) return undefined
  return {
    what: `Cordon answers here, and not to ${user}, as whom Postfix asks (${no.why}; ${place.path} is ${no.rights})`,
    write: `${user} must come through the folders above the socket: namei -m ${place.path}; or a port: ${BY_PORT}`,
  }
}

function silence(
  { settings }: Postfix,
  { places, written, isChrooted, protocol }: NamedPlace,
  answer: PlaceAnswer,
): Missing {
  const why = 'silent' in answer ? answer.silent : ''
  const [place] = places
  if (!place)
    return {
      what: `Postfix does not connect to ${written}: inet_protocols is ${settings.get('inet_protocols')}`,
      write:
        'main.cf: inet_protocols = all; or in cordon.yaml an address that it has, and the same in main.cf',
    }
  if (isChrooted && 'path' in place) {
    const queue = settings.get('queue_directory') ?? QUEUE
    const door = protocol === 'milter' ? 'milter' : 'policyService'
    return {
      what: `Cordon does not answer there (${why}): what asks has ${queue} as its root (chroot in master.cf), and looks for ${place.path}`,
      write: `cordon.yaml: ${door}.socket: ${queue}/cordon/${door}.sock, and here unix:cordon/${door}.sock; or a port: ${BY_PORT}; or n in the column chroot`,
    }
  }
  return {
    what: `Cordon does not answer there (${why})`,
    write: 'systemctl status cordon; and see address, port, socket and clients in cordon.yaml',
  }
}
const BY_PORT = 'address and port in cordon.yaml, inet:127.0.0.1:PORT here'
