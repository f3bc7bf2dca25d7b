// The row of a sender: what is to be thought of it, and what a person should see beside it.

import type { EpisodeKind } from '../../core/detection/episodes/state.ts'
import type { LoggedSender } from '../../model/logged-mail.ts'
import { type Verdict, VERDICTS } from './gravest.ts'
import { nameOf } from './names.ts'
import { type Example, MOST_IDS, type Senders, type Weighed } from './senders.ts'

export type Row = {
  readonly who: string
  readonly sender: LoggedSender
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

/** An address that no login is known of sends out, where it wrote to so many domains that are not served here. [est] */
const SENDS_OUT = 5

export function verdictOf({ gravest, who, domains }: Weighed, senders: Senders): Verdict {
  if (who.kind !== 'address') return gravest.verdict
  // A stranger's own mail to people of ours is no matter of this command.
  const outward = [...domains].filter(domain => !senders.served.has(domain))
  return outward.length < SENDS_OUT ? 'innocent' : gravest.verdict
}

/** The gravest first. */
export function rowsOf(senders: Senders): readonly Row[] {
  return senders
    .all()
    .map(one => rowOf(one, senders))
    .filter(({ verdict }) => verdict !== 'innocent')
    .toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || b.sum - a.sum)
}

export function rowOf(one: Weighed, senders: Senders): Row {
  const { gravest } = one
  return {
    who: nameOf(one.who),
    sender: one.who,
    verdict: verdictOf(one, senders),
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
    queueIds: one.ids.slice(-MOST_IDS),
  }
}
