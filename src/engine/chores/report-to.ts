// The person who is told that held mail was deleted. What a thief or a bot wrote bears the sender address that they chose, and a report must not hit
// its owner: it goes to an address of the login, or of the customer whose line it came from, or to none.

import { foldAddress, personOf } from '../../model/mail-address.ts'
import type { QueueRow } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

type ReportToParts = { readonly subscribers: Pick<Subscribers, 'byLogin' | 'get'> }

/** The sender where it is an address of theirs, otherwise their own. Programs that write without a sender want no report. */
export function reportTo(
  { subscribers }: ReportToParts,
  { login, sender, subscriber }: Pick<QueueRow, 'login' | 'sender' | 'subscriber'>,
): string | undefined {
  if (sender === '') return undefined
  const theirs =
    login === undefined ? ofLine({ subscribers }, subscriber) : ofLogin({ subscribers }, login)
  const mine = theirs.some(one => personOf(one) === personOf(sender))
  const [first] = theirs
  return mine ? sender : first && foldAddress(first)
}

function ofLogin({ subscribers }: ReportToParts, login: string): readonly string[] {
  const known = subscribers.byLogin(login)?.logins.find(({ name }) => name === login)
  return [...(known?.addresses ?? []), ...(login.includes('@') ? [login] : [])]
}

/** The customer's own first. */
function ofLine({ subscribers }: ReportToParts, subscriber: string | undefined): readonly string[] {
  const owner = subscriber === undefined ? undefined : subscribers.get(subscriber)
  return [
    ...(owner?.contacts ?? []),
    ...(owner?.logins.flatMap(({ addresses }) => addresses ?? []) ?? []),
  ]
}
