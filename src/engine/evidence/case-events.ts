// What happened to a case, as events: the same words whether evidence, a person or a deadline did it.

import type { Decision, DecisionKind } from '../../model/decision.ts'
import type { NewEvent } from '../../model/event.ts'
import type { Incident } from '../../model/incident.ts'

type CaseEvent = Extract<NewEvent, { kind: 'incident-opened' | 'incident-changed' }>

export function caseChanged(incident: Incident, at: number, opened = false): CaseEvent {
  return {
    kind: opened ? 'incident-opened' : 'incident-changed',
    at,
    incident: incident.id,
    caseCode: incident.caseCode,
    subject: incident.subject,
    status: incident.status,
    sum: incident.sum,
    summary: incident.summary,
  }
}

/** By a person: evidence from before that is over. */
export const caseReleased = (incident: Incident, at: number) =>
  ({ ...caseChanged(incident, at), released: true }) as const

export function decisionMade(decision: Decision, at: number): NewEvent {
  const { id, incident, subject, kind, until } = decision
  return { kind: 'decision-made', at, decision: id, incident, subject, what: kind, until }
}

/** Evidence only observes. */
export function decisionObserved(
  { id, caseCode, subject, summary }: Incident,
  what: DecisionKind,
  at: number,
): NewEvent {
  return { kind: 'decision-observed', at, incident: id, caseCode, subject, what, summary }
}

/** A decision that has its end written into it. */
export function decisionEnded(decision: Decision, at: number): NewEvent {
  const { id, incident, subject, kind, endedBy = 'time' } = decision
  return { kind: 'decision-ended', at, decision: id, incident, subject, what: kind, endedBy }
}
