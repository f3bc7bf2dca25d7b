// Can a message, or one like it, hold up mail? A message that cannot is taken without further ado, and makes itself usual.

import { thresholds } from '../../core/detection/sum.ts'
import { LEAST_USUAL } from '../../core/detection/usual-rate.ts'
import { mailVerdict } from '../../core/isolation/mail-verdict.ts'
import type { Unit } from '../../model/evidence.ts'
import type { Message } from './examine.ts'
import type { SubmitParts } from './submit-parts.ts'
import { decisionsOn } from './weigh-message.ts'

/** Above it a sum is up: what is seen may be a bot's, and is not made usual. */
const UP = 4

/** Whatever it says, no sum is up with it, and none of its mail waits. */
export function isHarmless(
  parts: Pick<SubmitParts, 'cases' | 'budgets'>,
  message: Message,
  units: readonly Unit[],
): boolean {
  const { facts, history, tx } = message
  if (isSuspicious(parts, message) || units.some(unit => unit.nearCertain)) return false
  const { hold } = thresholds(LEAST_USUAL, parts.budgets, 'probation')
  const most = facts.subjects.map(subject =>
    units
      .filter(unit => unit.subject === subject)
      .reduce((sum, { nats }) => sum + nats, history.sum[subject] ?? 0),
  )
  if (most.some(sum => sum > UP || sum >= hold)) return false
  return (
    units.length === 0 ||
    mailVerdict(1, decisionsOn(parts, facts.subjects), tx.at).kind === 'accept'
  )
}

export const isSuspicious = ({ cases }: Pick<SubmitParts, 'cases'>, { facts }: Message): boolean =>
  facts.subjects.some(subject => (cases.open(subject)?.sum ?? 0) > UP)
