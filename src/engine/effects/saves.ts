// The rows of `ports/changes` put together as they were saved: a case with its decisions.

import type { Decision } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import type { Cases } from '../../ports/cases.ts'
import type { ChangedRow } from '../../ports/changes.ts'
import type { Save } from './effect.ts'

/**
 * Decisions stand behind their case. Where a page begins in the middle of a save, its case is the one that the page before ended with, or,
 * after a restart, the one that is in the ledger now: then it is not known whether the decisions are new, and they count as new.
 */
export async function savesIn(
  rows: readonly ChangedRow[],
  before: Incident | undefined,
  cases: Pick<Cases, 'incidents'>,
): Promise<readonly Save[]> {
  const saves: Save[] = []
  let decisions: Decision[] = []
  let last: Save | undefined = before && { incident: before, decisions }
  if (last && rows[0]?.kind === 'decision') saves.push(last)
  for (const row of rows) {
    if (row.kind === 'case') {
      decisions = []
      last = { incident: row.incident, decisions }
      saves.push(last)
    } else if (last?.incident.id === row.decision.incident) decisions.push(row.decision)
    else {
      const [incident] = await cases.incidents({ id: row.decision.incident, limit: 1 })
      if (incident) saves.push({ incident, decisions: [row.decision], whole: true })
    }
  }
  return saves
}

/** All that is open and in force, as if it had just been saved. */
export const everythingIn = (cases: Pick<Cases, 'openCases' | 'inForce'>): readonly Save[] =>
  cases
    .openCases()
    .map(incident => ({ incident, decisions: cases.inForce(incident.subject), whole: true }))
