// The places that a Postfix asks, ours and others: each as its settings write it, and where the processes that ask look for it. Pure.

import type { Protocol } from './postfix-asks.ts'
import { type Place, placesSeen } from './postfix-place.ts'
import { entriesIn, policyServicesIn } from './postfix-restrictions.ts'
import {
  AT_RCPT,
  cleanupOf,
  finder,
  handedIn,
  type Postfix,
  seenBy,
  smtpdsOf,
  type Value,
  valueOf,
} from './postfix-services.ts'
import type { Service } from './postfix-settings.ts'
import type { Places } from './postfix-way.ts'
import { whenAway, type WhenAway } from './postfix-when-away.ts'

export type NamedPlace = {
  readonly protocol: Protocol
  readonly written: string
  /** It is a door of this Cordon. */
  readonly isOurs: boolean
  /** Where it is looked for. */
  readonly places: readonly Place[]
  /** What asks there has the queue as its root. */
  readonly isChrooted: boolean
  /** What Postfix does without an answer, each in which they differ. */
  readonly away: readonly WhenAway[]
}

type AskingService = {
  readonly protocol: Protocol
  readonly list: string
  readonly value: Value
  /** The service whose process asks. */
  readonly asks: Service
}

/** Each place once for each way to look for it. */
export function namedPlaces(postfix: Postfix, doors: Places): readonly NamedPlace[] {
  const isAt = finder(postfix)
  const found = new Map<string, NamedPlace>()
  for (const { protocol, list, value, asks } of [
    ...smtpdsOf(postfix).flatMap(one => askedBySmtpd(postfix, one)),
    ...handedIn(postfix).map(one => askedByCleanup(postfix, one)),
  ])
    for (const written of namedIn(protocol, list)) {
      const seen = seenBy(postfix, asks)
      const places = placesSeen(written, seen)
      const isChrooted = seen.isChrooted === true && places.some(place => 'path' in place)
      const key = JSON.stringify([protocol, written, places])
      const before = found.get(key)?.away ?? []
      const more = whenAway({ protocol, word: written, list, value })
      const away = before.some(({ said }) => said === more.said) ? before : [...before, more]
      const isOurs = isAt(written, protocol === 'milter' ? doors.milter : doors.policy)
      found.set(key, { protocol, written, isOurs, places, isChrooted, away })
    }
  return [...found.values()]
}

const namedIn = (protocol: Protocol, list: string): readonly string[] =>
  protocol === 'milter'
    ? entriesIn(list).filter(word => /^(?:inet|unix|local):/.test(word))
    : policyServicesIn(list)

function askedBySmtpd(postfix: Postfix, service: Service): readonly AskingService[] {
  const value = valueOf(postfix, service)
  const classes = entriesIn(value('smtpd_restriction_classes')).map(value)
  const lists = [...AT_RCPT, 'end_of_data'].map(list => value(`smtpd_${list}_restrictions`))
  return [
    { protocol: 'milter', list: value('smtpd_milters'), value, asks: service },
    ...[...classes, ...lists].map(
      (list): AskingService => ({ protocol: 'policy service', list, value, asks: service }),
    ),
  ]
}

/** Mail that comes in by no smtpd: the cleanup that gets it asks the milter. */
function askedByCleanup(postfix: Postfix, service: Service): AskingService {
  const asks = cleanupOf(postfix, service).cleanup ?? service
  const value = valueOf(postfix, asks)
  return { protocol: 'milter', list: value('non_smtpd_milters'), value, asks }
}
