// What is learned of a sender from outside, for the customers to whom the message came.

import { messageIds } from '../../mail/answered-ids.ts'
import type { Op } from '../../model/counter.ts'
import { callersOf, correspondentsOf } from '../evidence/correspondents.ts'
import { rememberOps } from '../evidence/owed-replies.ts'
import type { Message } from './examine.ts'
import { isVouched } from './vouched.ts'

/** A sender that SPF or DKIM vouches for is no stranger when a customer answers; others that may be answered are noted. To be taken. */
export function callerOps(
  { ourName, secret }: { readonly ourName: string; readonly secret: string },
  { id, tx, sender, summary, step, readers = [] }: Message,
): Op[] {
  const isSpam = step.scan?.content === 'spam'
  const isOwner = (address: string) => isVouched(step.authentication, address)
  const known = !isSpam && isOwner(tx.sender) ? correspondentsOf : callersOf
  const received = {
    // One that has none is given this (mail/trace.ts).
    id: messageIds(summary.messageId ?? '')[0] ?? `${id}@${ourName}`,
    sender: tx.sender,
    summary,
    isSpam,
    isVouched: isOwner,
    secret,
  }
  return readers.flatMap(({ login, remembered }) => [
    ...(tx.sender === '' ? [] : [known(login, [sender])]),
    ...rememberOps(login, remembered, received),
  ])
}
