// Ends what has run out: holds, isolations after quiet time, probation, forgotten suspicions.

import { expire } from '../../core/isolation/deadlines.ts'
import { SECOND } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import type { Cases } from '../../ports/cases.ts'
import { caseChanged, decisionEnded } from '../evidence/case-events.ts'
import { type CaseStore, changeCase } from '../evidence/change-case.ts'
import type { Reporter } from '../evidence/report.ts'
import type { Chore } from './chore.ts'

type DeadlineParts = {
  readonly cases: CaseStore & Pick<Cases, 'openCases'>
  readonly reporter: Pick<Reporter, 'note'>
}

export const deadlines: Chore<DeadlineParts> = {
  name: 'deadlines',
  every: 15 * SECOND,
  where: 'once',
  run: endWhatRanOut,
}

async function endWhatRanOut(
  parts: DeadlineParts,
  at: number,
  stopping: AbortSignal,
): Promise<void> {
  for (const { subject } of parts.cases.openCases()) {
    if (stopping.aborted) return
    let before: Incident | undefined
    const over = await changeCase(parts.cases, subject, ({ incident, inForce }) => {
      before = incident
      return incident && expire(incident, inForce, at)
    })
    if (!over) continue
    for (const decision of over.ended) parts.reporter.note(decisionEnded(decision, at))
    if (over.incident.status !== before?.status) parts.reporter.note(caseChanged(over.incident, at))
  }
}
