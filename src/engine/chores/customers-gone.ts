// Cases of lines and logins that are no customer's any more, because a reload, an import or a feed took them out: what is enforced ends,
// but for a stopped login and a suspension. These last until their own end or staff's word, and so are still in force when a customer who
// was left out of one list by mistake is in the next. A stopped login that has gone over to another customer stays stopped, too.

import { leaveBehind } from '../../core/isolation/release.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { caseChanged, decisionEnded } from '../evidence/case-events.ts'
import { type CaseStore, changeCase } from '../evidence/change-case.ts'
import { ownerOf } from '../evidence/gather.ts'
import type { Reporter } from '../evidence/report.ts'
import type { Chore } from './chore.ts'

export type CustomersGoneParts = {
  readonly cases: CaseStore & Pick<Cases, 'openCases'>
  readonly subscribers: Subscribers
  readonly reporter: Pick<Reporter, 'note'>
}

export const customersGone: Chore<CustomersGoneParts> = {
  name: 'cases of customers who are gone',
  every: MINUTE,
  where: 'once',
  first: true,
  run: endCases,
}

async function endCases(
  parts: CustomersGoneParts,
  at: number,
  stopping: AbortSignal,
): Promise<void> {
  const { cases, subscribers, reporter } = parts
  for (const { subject, subscriber } of cases.openCases()) {
    if (stopping.aborted) return
    // A login that never was a customer's, perhaps another server's, cannot lose its customer.
    if (subscriber === undefined || ownerOf(subscribers, subject)) continue
    const left = await changeCase(cases, subject, ({ incident, inForce }) =>
      // Checked again: meanwhile the customer may have come back.
      incident && !ownerOf(subscribers, subject) ? leaveBehind(incident, inForce, at) : undefined,
    )
    if (!left) continue
    for (const decision of left.ended) reporter.note(decisionEnded(decision, at))
    reporter.note(caseChanged(left.incident, at))
  }
}
