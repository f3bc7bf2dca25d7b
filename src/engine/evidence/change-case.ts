// The one way in which a case is changed: by evidence, an order, a deadline or a letter. The case is read, advanced and
// saved on condition that no other change was saved meanwhile; if one was, the case is read and advanced again.

import type { Decision } from '../../model/decision.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { LedgerRow, Subject } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Cases } from '../../ports/cases.ts'
import type { NoticeRow } from '../../ports/notices.ts'

export type CaseStore = Pick<Cases, 'open' | 'inForce' | 'epoch' | 'rev' | 'moved' | 'saveCase'>

/** A case as it is read, all of it at the same moment. */
export type CaseNow = {
  readonly incident: Incident | undefined
  readonly inForce: readonly Decision[]
  readonly epoch: number
  /** Units that have moved the sum of this epoch so far, as far as the case knows. */
  readonly moved: number
}

export type CaseChange = {
  readonly incident: Incident
  /** New ones, and ones whose end was moved. */
  readonly decisions?: readonly Decision[]
  readonly ended?: readonly Decision[]
  readonly evidence?: readonly LedgerRow[]
  readonly notices?: readonly NoticeRow[]
}

/** Others are faster so many times in a row only if something is broken. */
const MAX_ATTEMPTS = 100

/**
 * Saves what `advance` makes of the case as it is now; resolves when it is on disk, with what was saved. Undefined, and nothing is
 * saved, when `advance` has nothing to change. `advance` is called again each time that another change was saved first.
 */
export async function changeCase<C extends CaseChange>(
  cases: CaseStore,
  subject: Subject,
  advance: (now: CaseNow) => C | undefined | Promise<C | undefined>,
): Promise<C | undefined> {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
    const expectedRev = cases.rev(subject)
    const change = await advance({
      incident: cases.open(subject),
      inForce: cases.inForce(subject),
      epoch: cases.epoch(subject),
      moved: cases.moved(subject),
    })
    if (!change) return undefined
    const { incident, decisions = [], ended = [], evidence = [], notices = [] } = change
    const answer = await cases.saveCase({
      expectedRev,
      incident,
      decisions: [...decisions, ...ended],
      evidence,
      notices,
    })
    if (answer === 'saved') return change
  }
  throw new StoreUnavailable(`the case of ${subject} was changed by others ${MAX_ATTEMPTS} times`)
}
