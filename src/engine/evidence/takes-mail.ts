// Which domains take our customers' mail. Any server can call mail spam, and an outsider does so to harm a customer who answered them: a
// refusal says something only where the mail of other customers is accepted. Answers are not counted: the address that is answered may be
// that outsider's.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Op, Reading } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

/** A refusal as spam counts only where the refusing domain accepted mail within this time … */
const LATELY = 30 * DAY
/** … from so many customers, the refused one perhaps among them. */
const TAKEN_FROM = 3

/** Counts a customer whose mail the recipient's domain has taken. */
export function takenOps(
  { subscribers }: { readonly subscribers: Subscribers },
  event: NewEvent,
): Op[] {
  if (event.kind !== 'delivery-done' || event.login === undefined || event.answer) return []
  return [takersOp(event.recipient, [subscribers.byLogin(event.login)?.id ?? event.login])]
}

/** The customers whose mail the domain of `recipient` has taken. */
export const takersOp = (recipient: string, members: readonly string[] = []): Op => ({
  op: 'distinct',
  key: `mail-taken:${organisationalDomain(domainOf(recipient))}`,
  members,
  window: LATELY,
})

/** From the reading of `takersOp`; a store that does not answer proves no guilt. */
export const takesMail = (takers: Reading | undefined): boolean =>
  (takers?.value ?? 0) >= TAKEN_FROM
