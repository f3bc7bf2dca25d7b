// The row of a sender, and what is to be thought of it. Certain and likely are what the core would stop or hold; worth a look is what a person
// should see beside it.

import type { EpisodeKind } from '../../core/detection/episodes/state.ts'
import type { Example, Weighed } from './senders.ts'
import { keyOf, LOOK_AT } from './senders.ts'

export type Verdict = 'certain' | 'likely' | 'worth a look' | 'innocent'

export type Row = {
  readonly who: string
  readonly verdict: Verdict
  readonly messages: number
  readonly recipients: number
  /** Shares, 0 to 1; absent: there was nothing to count. */
  readonly firstTime?: number
  readonly unknownUsers?: number
  readonly refusedAsSpam: number
  readonly stoppedHere: number
  readonly networks: number
  /** Nats, and those at which the core holds and stops. */
  readonly sum: number
  readonly kinds: readonly EpisodeKind[]
  /** ms since 1970; messages until then. */
  readonly since: number
  readonly namedAfter: number
  readonly examples: readonly Example[]
  readonly queueIds: readonly string[]
}

/** An address that no login is known of sends out, where it wrote to so many domains. [est] */
const SENDS_OUT = 5
/** Of these alone an ordinary mailing has as much, and a telephone beside a home has strange networks. */
const ORDINARY: readonly EpisodeKind[] = ['recipients', 'results']
const EVERYDAY: readonly EpisodeKind[] = [...ORDINARY, 'authentication']

export function verdictOf(one: Weighed): Verdict | undefined {
  const { gravest, who, domains } = one
  // A stranger's own mail to people of ours is no matter of this command.
  if (who.kind === 'address' && domains.size < SENDS_OUT) return undefined
  if (gravest.decision === 'stop-login' || gravest.decision === 'isolate') return 'certain'
  const saysMoreThan = (kinds: readonly EpisodeKind[]) =>
    gravest.kinds.some(kind => !kinds.includes(kind))
  if (gravest.decision !== 'pace' && saysMoreThan(ORDINARY)) return 'likely'
  if (gravest.everNew || (gravest.x >= LOOK_AT && saysMoreThan(EVERYDAY))) return 'worth a look'
  return undefined
}

const ORDER: readonly Verdict[] = ['certain', 'likely', 'worth a look', 'innocent']

/** The gravest first. */
export function rowsOf(all: readonly Weighed[]): readonly Row[] {
  return all
    .flatMap(one => {
      const verdict = verdictOf(one)
      return verdict === undefined ? [] : [rowOf(one, verdict)]
    })
    .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || b.sum - a.sum)
}

export function rowOf(one: Weighed, verdict: Verdict): Row {
  const { gravest } = one
  return {
    who: one.who.kind === 'login' ? one.who.name : keyOf(one.who),
    verdict,
    messages: one.messages,
    recipients: one.recipients,
    ...(one.judgedNew > 0 ? { firstTime: one.firstTimers / one.judgedNew } : {}),
    ...(one.answers > 0 ? { unknownUsers: one.unknownUsers / one.answers } : {}),
    refusedAsSpam: one.refusedAsSpam,
    stoppedHere: one.stoppedHere,
    networks: one.networks.size,
    sum: Math.round(gravest.x * 10) / 10,
    kinds: gravest.kinds,
    since: gravest.at,
    namedAfter: gravest.messages,
    examples: one.examples,
    queueIds: one.ids,
  }
}
