// Which domains take our people's mail. Whoever has a server can call mail spam, and an outsider does so to harm who answered them: a
// refusal says something only where the mail of others goes in. Answers are not counted: who is answered may be that outsider.

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

/** A customer more whose mail was taken there. */
export function takenOps(
  { subscribers }: { readonly subscribers: Subscribers },
  event: NewEvent,
): Op[] {
  if (event.kind !== 'delivery-done' || event.login === undefined || event.answer) return []
  return [takersOp(event.recipient, [subscribers.byLogin(event.login)?.id ?? event.login])]
}

/** Those whose mail was taken where `recipient` is. */
export const takersOp = (recipient: string, members: readonly string[] = []): Op => ({
  op: 'distinct',
  key: `mail-taken:${organisationalDomain(domainOf(recipient))}`,
  members,
  window: LATELY,
})

/** From the reading of `takersOp`; a store that does not answer proves nobody guilty. */
export const takesMail = (takers: Reading | undefined): boolean =>
  (takers?.value ?? 0) >= TAKEN_FROM
