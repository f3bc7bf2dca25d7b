// The operator is told: once of each decision that stops or holds, and once of the end of what had stopped.

import { caseSentence } from '../../core/notices/case-sentence.ts'
import type { Alarm } from '../../model/alarm.ts'
import { type Decision, restricts, stops } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { Cases } from '../../ports/cases.ts'
import type { AlarmOutbox } from '../letters/alarms/alarm-outbox.ts'
import { type Effect, madeBy } from './effect.ts'

export type TellOperatorParts = {
  readonly cases: Pick<Cases, 'inForce' | 'evidence'>
  /** Undefined where no channel is configured. */
  readonly alarms: Pick<AlarmOutbox, 'raise'> | undefined
  readonly notifier: { readonly timeZone: () => string }
}

/** Units of evidence in one alarm. */
const SHOWN = 5

export const tellOperator: Effect<TellOperatorParts> = {
  name: 'telling the operator',
  where: 'once',
  follow: async (save, { cases, alarms, notifier }) => {
    if (!alarms) return
    const { incident, decisions } = save
    const made = madeBy(save, cases.inForce(incident.subject)).filter(restricts)
    const ended = decisions.filter(isEndOfStop)
    if (made.length + ended.length === 0) return
    const minute = (at: number) => minuteIn(notifier.timeZone(), at)
    const evidence = (await cases.evidence(incident.subject, SHOWN)).map(
      unit => `${minute(unit.at)}: ${unit.why}`,
    )
    for (const decision of made)
      await alarms.raise({ ...beginning(incident, decision, minute), evidence })
    for (const decision of ended) await alarms.raise(end(incident, decision, minute))
  },
}

const WOULD_ISOLATE = ' Its line would be isolated, if evidence.isolateByMail were set to act.'

const isEndOfStop = (decision: Decision): boolean =>
  decision.endedAt !== undefined && decision.endedBy !== 'stronger' && stops(decision)

function beginning(
  incident: Incident,
  decision: Decision,
  minute: (at: number) => string,
): Omit<Alarm, 'evidence'> {
  const { subject, caseCode } = incident
  return {
    id: `decision.${decision.id}`,
    alarm: stops(decision) ? 'contained' : 'held',
    at: decision.at,
    about: subject,
    caseCode,
    words: `${caseSentence(incident, [decision], minute)}${decision.byWindow?.wouldIsolate ? WOULD_ISOLATE : ''}`,
    undo: `cordon incident release ${caseCode}`,
  }
}

function end(incident: Incident, decision: Decision, minute: (at: number) => string): Alarm {
  const { subject, caseCode } = incident
  const { endedAt = incident.changedAt, endedBy, kind } = decision
  return {
    id: `ended.${decision.id}`,
    alarm: 'contained',
    over: true,
    at: endedAt,
    about: subject,
    caseCode,
    words: `Case ${caseCode}, ${subject}: ${kind} ended at ${minute(endedAt)} (${endedBy}).`,
    evidence: [],
    undo: `cordon incident show ${caseCode}`,
  }
}
