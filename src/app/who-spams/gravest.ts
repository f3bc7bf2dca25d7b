// What is to be thought of a sender at one instant, and the gravest of it. Certain needs what the core needs to stop a login, and beside it that
// much of its mail is refused as spam, or that strange hands send: a log does not say what messages contain.

import { decide } from '../../core/detection/episodes/decide.ts'
import type { EpisodeKind, SubjectRecord } from '../../core/detection/episodes/state.ts'
import { kindsOf, suspicion } from '../../core/detection/episodes/weigh-episode.ts'
import type { LoggedSender } from '../../model/logged-mail.ts'
import type { Lately, Refuses, Strange } from './lately.ts'

export type Verdict = 'certain' | 'likely' | 'worth a look' | 'innocent'

/** The gravest first. */
export const VERDICTS: readonly Verdict[] = ['certain', 'likely', 'worth a look', 'innocent']

export type Gravest = {
  readonly verdict: Verdict
  /** Nats, the highest, and the kinds then. */
  readonly x: number
  readonly kinds: readonly EpisodeKind[]
  /** When the verdict was reached, ms, and after how many messages; 0: it is innocent. */
  readonly at: number
  readonly messages: number
}

export const NOTHING_GRAVE: Gravest = { verdict: 'innocent', x: 0, kinds: [], at: 0, messages: 0 }

/** Nats from where on a person should look. [est] */
const LOOK_AT = 6
/** What must be refused as spam. Newsletters, lists and shops are at half a hundredth and less. [est] */
const REFUSED: Readonly<Record<Exclude<Verdict, 'innocent'>, Refuses>> = {
  certain: { refused: 6, by: 6, share: 0.05 },
  likely: { refused: 5, by: 5, share: 0.05 },
  'worth a look': { refused: 4, by: 4, share: 0.04 },
}
/** Of an address: forwarders hand on a twentieth that is refused, and are few to a provider. [est] */
const REFUSED_ADDRESS: Refuses = { refused: 10, by: 3, share: 0.2 }
/** Most of what a login sends, whatever the core thinks of it. [est] */
const REFUSED_MOSTLY: Refuses = { refused: 8, by: 6, share: 0.5 }
/** … and half of it no forwarder does. [est] */
const REFUSED_ADDRESS_MOSTLY: Refuses = { refused: 10, by: 6, share: 0.5 }
/** With strange hands. [est] */
const REFUSED_STRANGE: Refuses = { refused: 3, by: 3, share: 0.25 }
/** Of these alone an ordinary mailing has as much, and a telephone beside a home has strange networks. */
const ORDINARY: readonly EpisodeKind[] = ['recipients', 'results', 'authentication']

type SenderNow = {
  readonly who: LoggedSender
  readonly record: SubjectRecord
  readonly lately: Lately
  readonly messages: number
  readonly gravest: Gravest
}

/** With what is known at `at`. */
export function graver({ who, record, lately, messages, gravest }: SenderNow, at: number): Gravest {
  const strange = lately.strange(at)
  const x = suspicion(record)
  if (!strange && x < LOOK_AT && x <= gravest.x && lately.refusedNow === 0) return gravest
  const verdict = verdictNow({ who, record, lately, strange, x })
  const isGraver = VERDICTS.indexOf(verdict) < VERDICTS.indexOf(gravest.verdict)
  const reached = isGraver ? { verdict, at, messages } : gravest
  const kinds = kindsOf(record)
  const highest = x > gravest.x ? { x, kinds } : gravest
  const all = strange ? [...new Set([...highest.kinds, 'authentication' as const])] : highest.kinds
  const { at: since, messages: after } = reached
  return { verdict: reached.verdict, at: since, messages: after, x: highest.x, kinds: all }
}

type Now = Pick<SenderNow, 'who' | 'record' | 'lately'> & {
  readonly strange: Strange | undefined
  readonly x: number
}

function verdictNow({ who, record, lately, strange, x }: Now): Verdict {
  const decision = decide(record)
  const stops = decision === 'stop-login' || decision === 'isolate'
  const saysMore = kindsOf(record).some(kind => !ORDINARY.includes(kind))
  const isAddress = who.kind === 'address' || who.kind === 'line'
  const refuses = (grave: Exclude<Verdict, 'innocent'>) =>
    lately.refuses(isAddress ? REFUSED_ADDRESS : REFUSED[grave])
  const isMostly = lately.refuses(isAddress ? REFUSED_ADDRESS_MOSTLY : REFUSED_MOSTLY)
  const found: Verdict =
    (stops && (strange !== undefined || refuses('certain'))) ||
    (strange && lately.refuses(REFUSED_STRANGE))
      ? 'certain'
      : isMostly ||
          (decision !== 'pace' && saysMore && refuses('likely')) ||
          (strange && isBad(strange))
        ? 'likely'
        : strange || ((isAddress || (x >= LOOK_AT && saysMore)) && refuses('worth a look'))
          ? 'worth a look'
          : 'innocent'
  return who.kind === 'unsure' && found !== 'innocent' ? 'worth a look' : found
}

/** Where nothing is known of its sender, two wrong addresses say little. */
const isBad = ({ gone, refused, blind }: Strange): boolean => refused > 0 || gone >= (blind ? 3 : 1)
