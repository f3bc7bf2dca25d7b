// What an incident means for one message: mail that carries evidence waits, all other mail flows.

import { type Decision, MAX_HOLD } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import { ACCEPT, type Verdict } from '../../model/verdict.ts'
import { type HeldMail, waitsForWord } from '../../model/waits-for-word.ts'
import { HOLD_FOR } from './advance.ts'

/** Judges a message that said `nats`, under the decisions in force on all its subjects. */
export function mailVerdict(nats: number, inForce: readonly Decision[], at: number): Verdict {
  if (nats <= 0) return ACCEPT
  const last = lastHolding(inForce)
  if (!last) return ACCEPT
  return { kind: 'hold', reason: 'evidence', until: Math.min(at + MAX_HOLD, last.until) }
}

/** Of decisions in force the one that holds mail longest; undefined where none holds any. What waits in the window is not held. */
export const lastHolding = (inForce: readonly Decision[]): Decision | undefined =>
  inForce
    .filter(({ kind, byWindow }) => kind !== 'watch' && kind !== 'redirect-25' && !byWindow)
    .reduce<Decision | undefined>(
      (last, one) => (last && last.until >= one.until ? last : one),
      undefined,
    )

export type HeldMessage = HeldMail & {
  readonly expires: number
  readonly ledSpam?: true
  /** A case held it, and no rule or limit. */
  readonly byCase?: true
}

/**
 * The second look at a held message: sent, kept until later, or given back to its sender. `incident`: the case that matters most for it, also a
 * closed one. `ends`: when what holds it now does.
 */
export function secondLook(
  held: HeldMessage,
  incident: Incident | undefined,
  at: number,
  ends = 0,
):
  | { readonly to: 'queued' }
  | { readonly to: 'held'; readonly due: number }
  | { readonly to: 'expired' } {
  const lastDay = Math.min(held.expires, held.at + MAX_HOLD)
  const guilty =
    incident?.status === 'contained' ||
    // Spam in an answer that an outsider led to isolates no subject, so nothing else would end the hold.
    held.ledSpam ||
    // A case held it and cannot be found: that says nothing for the message.
    (incident === undefined && held.byCase && !held.clean) ||
    // The case is not proved, or it is released since: mail that may be part of the trouble waits for its owner, the rest goes.
    (incident !== undefined && waitsForWord(held, incident))
  // The sum would isolate, if one of its kinds proved something; and for three days evidence has not paused for half an hour.
  const unending =
    incident?.status === 'held' &&
    incident.sum >= incident.containAt &&
    at >= lastDay &&
    at - incident.changedAt < HOLD_FOR
  if ((guilty || unending) && held.nats > 0) {
    const due = ends > at ? Math.min(ends, lastDay) : lastDay
    return at >= lastDay ? { to: 'expired' } : { to: 'held', due }
  }
  if (incident?.status === 'held' && held.nats > 0 && incident.changedAt > held.at) {
    // New evidence came since: the message waits another half hour from then.
    const due = Math.min(lastDay, incident.changedAt + HOLD_FOR)
    if (due > at) return { to: 'held', due }
  }
  return { to: 'queued' }
}
