// What the person on the telephone says of a case: what is stopped, since when, why, what still works, and how it ends. English, as staff
// read it; letters to owners are in notice.ts.

import { type Decision, type DecisionKind, restricts, strongest } from '../../model/decision.ts'
import { isLine, subjectName } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import { QUIET_HOURS } from '../../languages/notice-words.ts'

type SaidCase = Pick<
  Incident,
  'caseCode' | 'subject' | 'status' | 'summary' | 'openedAt' | 'releasedAt'
>
type SaidDecision = Pick<Decision, 'kind' | 'at' | 'until' | 'endedAt' | 'by'>

/** `minute`: a time as the person reads it. */
export function caseSentence(
  incident: SaidCase,
  decisions: readonly SaidDecision[],
  minute: (at: number) => string,
): string {
  const { caseCode, subject, summary, openedAt, releasedAt } = incident
  const whose = isLine(subject)
    ? `the line of customer ${subjectName(subject)}`
    : `the mail account ${subjectName(subject)}`
  const inForce = decisions.filter(one => one.endedAt === undefined && restricts(one))
  const [first] = inForce
  const seen = `What was seen: ${summary.replace(/\.$/, '')}.`
  if (!first) {
    const how =
      releasedAt === undefined
        ? `nothing is stopped; it is watched since ${minute(openedAt)}`
        : `everything is open again since ${minute(releasedAt)}`
    return `Case ${caseCode}, ${whose}: ${how}. ${seen}`
  }
  const kind = strongest(first.kind, inForce)
  const decided = inForce.find(one => one.kind === kind) ?? first
  const by = decided.by === 'staff' ? ', by staff' : ''
  return `Case ${caseCode}, ${whose}: ${WHAT[kind]} since ${minute(decided.at)}${by}, until ${minute(decided.until)} at the latest. ${seen} ${WAY_OUT[kind]}`
}

const WHAT: Readonly<Record<DecisionKind, string>> = {
  watch: 'watched',
  hold: 'held (mail with evidence waits, other mail goes on)',
  'stop-login': 'stopped (it cannot send; reading mail goes on)',
  'redirect-25': 'redirected (its port 25 leads to our mail server; everything else goes on)',
  isolate:
    'isolated (suspicious mail waits, and port 25 is closed where a router enforces it; reading mail and surfing go on)',
  suspend: 'suspended (it cannot send; reading mail and surfing go on)',
}

const FIXED = `It ends when the owner says in the portal that it is fixed, by itself when nothing more is seen for ${QUIET_HOURS} hours, or when staff release it.`
const WAY_OUT: Readonly<Record<DecisionKind, string>> = {
  watch: 'Nothing is to be done.',
  hold: 'The owner sends or deletes in the portal what waits; staff can, too.',
  'stop-login': 'It ends when the owner sets a new mail password, or when staff release it.',
  'redirect-25': FIXED,
  isolate: FIXED,
  suspend: 'Only staff can lift it.',
}
