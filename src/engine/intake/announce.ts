// Events in the journal about a message, beside its verdict.

import { isOverLimit } from '../../model/held-for.ts'
import { unreadCause } from '../../model/unread-words.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { HeaderEndedAt } from '../../mail/header-end.ts'
import type { Message } from './examine.ts'
import type { SubmitParts } from './submit-parts.ts'

/** A reader who wonders why fields are missing finds this event by the message. */
export function announceEarlyEnd(
  { reporter }: Pick<SubmitParts, 'reporter'>,
  { tx, step: { at, who }, id }: Message,
  { line, number }: HeaderEndedAt,
): void {
  const { session, listener } = tx
  const kind = 'header-ended-early'
  reporter.note({ kind, at, who, session, message: id, listener, line, number })
}

/** Logged whatever the rules say; also a signature or a policy that the DNS did not answer for. */
export function announceUnchecked(
  { reporter }: Pick<SubmitParts, 'reporter'>,
  { tx, step: { at, who, authentication }, id }: Message,
): void {
  if (authentication?.dmarc.result !== 'temperror') return
  const { domain, policy } = authentication.dmarc
  const cause = authentication.unchecked ?? 'the DNS does not answer'
  const { session } = tx
  const kind = 'authentication-unchecked'
  reporter.note({ kind, at, who, session, message: id, domain, policy, cause })
}

/** Reported of every such message, whatever the rules say: a part that was not scanned is not innocent. */
export function announceUnreadable(
  parts: Pick<SubmitParts, 'reporter'>,
  { tx, step, id, summary }: Message,
): void {
  const { unreadable } = summary
  if (!unreadable) return
  parts.reporter.note({
    kind: 'message-unreadable',
    at: step.at,
    who: step.who,
    session: tx.session,
    message: id,
    listener: tx.listener,
    unreadable,
    cause: unreadCause(summary) ?? '',
  })
}

/** Reported once the message is safe, so that a reader of the event can also find the message. */
export function announceHold(
  parts: Pick<SubmitParts, 'tellOverLimit' | 'reporter'>,
  message: Message,
  {
    verdict,
    rule,
    subscriber,
  }: {
    verdict: Extract<Verdict, { kind: 'hold' }>
    rule: string
    subscriber: string | undefined
  },
): void {
  const { reason, help } = verdict
  const { step, id, facts } = message
  const { at, login } = message.tx
  if (isOverLimit({ reason }))
    parts.tellOverLimit({ subscriber, login, at, found: help, recipients: facts.recipients })
  parts.reporter.note({
    kind: 'judged',
    at: step.at,
    who: step.who,
    listener: step.listener,
    stage: 'message',
    rule,
    reason,
    verdict: 'hold',
    session: step.session,
    message: id,
    ...(help === undefined ? {} : { found: help }),
  })
}
