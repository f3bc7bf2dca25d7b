// The person who is told that held mail was deleted. What a thief or a bot wrote bears the sender address that they chose, and a report must not hit
// its owner: it goes to an address of the login, or to none.

import { foldAddress, personOf } from '../../model/mail-address.ts'
import type { QueueRow } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

/** The sender where it is an address of the login, otherwise the login's own. Programs that write without a sender want no report. */
export function reportTo(
  { subscribers }: { readonly subscribers: Pick<Subscribers, 'byLogin'> },
  { login, sender }: Pick<QueueRow, 'login' | 'sender'>,
): string | undefined {
  if (login === undefined || sender === '') return undefined
  const known = subscribers.byLogin(login)?.logins.find(({ name }) => name === login)
  const [first, ...others] = [...(known?.addresses ?? []), ...(login.includes('@') ? [login] : [])]
  const mine = [first, ...others].some(
    one => one !== undefined && personOf(one) === personOf(sender),
  )
  return mine ? sender : first && foldAddress(first)
}
