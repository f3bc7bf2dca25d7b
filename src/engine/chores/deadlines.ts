// Ends what has run out: holds, isolations after quiet time, probation, forgotten suspicions.

import { expire } from '../../core/isolation/deadlines.ts'
import type { Incident } from '../../model/incident.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { caseChanged, decisionEnded } from '../case-events.ts'
import type { Reporter } from '../report.ts'

export type DeadlineParts = {
  readonly ledger: Ledger
  readonly reporter: Pick<Reporter, 'note'>
  /** Called for every case in which something ended, to undo it on the network. */
  readonly undo: (incident: Incident) => void
}

export async function deadlines(parts: DeadlineParts, at: number): Promise<void> {
  for (const incident of await parts.ledger.incidents({ open: true })) {
    const over = expire(incident, parts.ledger.inForce(incident.subject), at)
    if (!over) continue
    await parts.ledger.save({ incidents: [over.incident], decisions: over.ended })
    for (const decision of over.ended) parts.reporter.note(decisionEnded(decision, at))
    if (over.incident.status !== incident.status)
      parts.reporter.note(caseChanged(over.incident, at))
    if (over.ended.length > 0) parts.undo(over.incident)
  }
}
