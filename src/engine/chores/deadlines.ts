// Ends what has run out: holds, isolations after quiet time, probation, forgotten suspicions.

import { expire } from '../../core/isolation/deadlines.ts'
import type { Incident } from '../../model/incident.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { caseChanged, decisionEnded } from '../evidence/case-events.ts'
import { type CaseLedger, changeCase } from '../evidence/change-case.ts'
import type { Reporter } from '../evidence/report.ts'

export type DeadlineParts = {
  readonly ledger: CaseLedger & Pick<Ledger, 'openCases'>
  readonly reporter: Pick<Reporter, 'note'>
}

export async function deadlines(parts: DeadlineParts, at: number): Promise<void> {
  for (const { subject } of parts.ledger.openCases()) {
    let before: Incident | undefined
    const over = await changeCase(parts.ledger, subject, ({ incident, inForce }) => {
      before = incident
      return incident && expire(incident, inForce, at)
    })
    if (!over) continue
    for (const decision of over.ended) parts.reporter.note(decisionEnded(decision, at))
    if (over.incident.status !== before?.status) parts.reporter.note(caseChanged(over.incident, at))
  }
}
