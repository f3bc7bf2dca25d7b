// The way out. A release starts a new sum from zero and a time of probation in which less evidence is enough.

import {
  type Decision,
  type DecisionKind,
  type EndedBy,
  MAX_HOLD,
  strongest,
} from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'

/** How long after a release the thresholds are lower (`budgets.probation`). */
export const PROBATION_FOR = 14 * DAY

export const ALREADY_OVER = 'There is nothing to release: this case is already over.'

export type Released =
  | { readonly ok: true; readonly incident: Incident; readonly ended: readonly Decision[] }
  | { readonly ok: false; readonly why: string }

/** Releases an incident, if the one who asks may. `inForce` are the decisions in force on its subject. */
export function release(
  incident: Incident,
  inForce: readonly Decision[],
  by: EndedBy,
  at: number,
): Released {
  if (incident.status === 'closed' || incident.status === 'probation') {
    return { ok: false, why: ALREADY_OVER }
  }
  if (by !== 'staff' && inForce.some(decision => decision.kind === 'suspend')) {
    return {
      ok: false,
      why: 'Sending was suspended by the service desk; only they can lift it. Please call them.',
    }
  }
  if (by === 'owner' && inForce.some(decision => decision.kind === 'stop-login')) {
    return {
      ok: false,
      why: 'Change the mail password: that ends it at once. Until then another person still knows it.',
    }
  }
  return {
    ok: true,
    incident: {
      ...incident,
      status: 'probation',
      changedAt: at,
      sum: 0,
      moved: 0,
      kinds: [],
      epoch: incident.epoch + 1,
      releasedAt: at,
      // A person looks at the mail that the case held, whatever had made the case certain.
      ...(incident.status === 'contained' ? { reachedAt: at } : {}),
      probationUntil: at + PROBATION_FOR,
    },
    ended: inForce.map((decision): Decision => ({ ...decision, endedAt: at, endedBy: by })),
  }
}

/**
 * A decision that owners cannot lift by themselves keeps its own end, whichever customer has the login or line: a list that lacks a
 * customer for an hour must not open a stolen login, or end what only staff may.
 */
const OUTLASTS: ReadonlySet<DecisionKind> = new Set<DecisionKind>(['stop-login', 'suspend'])

/**
 * What becomes of the case when its line or login is no customer's any more: it is over when no mail of the subject waits either, and when
 * no decision outlasts the customer. A customer who was taken out by mistake and is back by then is found sooner, or is still stopped.
 * Undefined when nothing is left to end.
 */
export function leaveBehind(
  incident: Incident,
  inForce: readonly Decision[],
  at: number,
): Pick<Extract<Released, { ok: true }>, 'incident' | 'ended'> | undefined {
  const [stays, ...more] = inForce.filter(({ kind }) => OUTLASTS.has(kind))
  if (stays) {
    const ended = inForce
      .filter(({ kind }) => !OUTLASTS.has(kind))
      .map((one): Decision => ({ ...one, endedAt: at, endedBy: 'customer-gone' }))
    const decision = strongest(stays.kind, more)
    return ended.length === 0
      ? undefined
      : { incident: { ...incident, decision, changedAt: at }, ended }
  }
  const released = release(incident, inForce, 'customer-gone', at)
  if (!released.ok) return undefined
  return { ...released, incident: { ...released.incident, probationUntil: at + MAX_HOLD } }
}
