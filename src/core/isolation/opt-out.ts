// Which customers may have port 25 opened, for how long, and what that means on the network. Pure; every refusal says why, and what next.

import { DAY } from '../../model/duration.ts'
import { parseIp } from '../../model/ip.ts'
import type { Incident } from '../../model/incident.ts'
import { isDomain } from '../../model/mail-address.ts'
import { MAX_DESTINATIONS, type OptOut, type OptOutKind } from '../../model/opt-out.ts'
import type { Subscriber } from '../../model/subscriber.ts'

/** For so long after a finding, port 25 of the line is not opened. */
export const QUIET_BEFORE = 7 * DAY
/** Confirmed again once a year, and reminded a month before. */
export const CONFIRM_EVERY = 365 * DAY
export const REMIND_BEFORE = 30 * DAY
/** The code in a letter is good for so long. */
export const PROOF_FOR = DAY
/** Wrong guesses at the code. */
export const MAX_WRONG = 5

export type Asking = {
  readonly subscriber: Subscriber
  readonly kind: OptOutKind
  readonly destinations: readonly string[]
  readonly serverName: string | undefined
  readonly others: readonly OptOut[]
  readonly incidents: readonly Incident[]
  readonly at: number
}

/** Why it cannot be, in words for the customer; undefined when it can. */
export function whyNot(asking: Asking): string | undefined {
  const { subscriber, kind, destinations, serverName } = asking
  if (subscriber.plan === 'expert')
    return 'Your port 25 is open already: it is part of your contract.'
  if (asking.others.some(one => one.state === 'open'))
    return 'Your port 25 is open already. End what is there first, if you want it otherwise.'
  const quiet = quietUntil(asking.incidents)
  if (quiet !== undefined && quiet > asking.at)
    return `A device behind your connection was found to send spam. Port 25 can be opened from ${day(quiet)} on, if nothing more is seen. Meanwhile port 587 of any mail provider works.`
  if (kind === 'own-server')
    return serverName !== undefined && isDomain(serverName) && serverName.includes('.')
      ? undefined
      : 'Please write the full name of your mail server, such as mail.example.org: other servers ask for it.'
  if (destinations.length === 0)
    return 'Please write the servers you send to on port 25, by name or address.'
  if (destinations.length > MAX_DESTINATIONS)
    return `At most ${MAX_DESTINATIONS} servers can be named. For more, say that you run a mail server of your own.`
  const bad = destinations.find(one => parseIp(one) === undefined && !isDomain(one))
  return bad === undefined ? undefined : `${bad} is neither a name nor an address of a server.`
}

/** A week after the last finding on the line; undefined when there was none. */
export function quietUntil(incidents: readonly Incident[]): number | undefined {
  const found = incidents.filter(
    // Of a login neither can be decided.
    one => one.decision === 'isolate' || one.decision === 'suspend',
  )
  if (found.length === 0) return undefined
  const since = found.map(one =>
    one.status === 'contained' ? Number.POSITIVE_INFINITY : (one.releasedAt ?? one.changedAt),
  )
  return Math.max(...since) + QUIET_BEFORE
}

/** A date for people; while the case lasts there is none yet. */
function day(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : 'a week after its release'
}

/** What of the network a subscriber's opt-outs open: everything, or some servers. */
export function permission(
  optOuts: readonly OptOut[],
):
  | { readonly state: 'open' }
  | { readonly state: 'named'; destinations: readonly string[] }
  | undefined {
  const open = optOuts.filter(one => one.state === 'open')
  if (open.some(one => one.kind === 'own-server')) return { state: 'open' }
  const destinations = [...new Set(open.flatMap(one => one.addresses))]
  return destinations.length > 0 ? { state: 'named', destinations } : undefined
}

/** What time asks of one that is open. */
export function due(optOut: OptOut, at: number): 'remind' | 'end' | undefined {
  if (optOut.state !== 'open' || optOut.confirmBy === undefined) return undefined
  if (at >= optOut.confirmBy) return 'end'
  const reminded =
    optOut.remindedAt !== undefined && optOut.remindedAt > optOut.confirmBy - CONFIRM_EVERY
  return at >= optOut.confirmBy - REMIND_BEFORE && !reminded ? 'remind' : undefined
}
