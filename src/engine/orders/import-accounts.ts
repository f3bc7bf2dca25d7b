// A list of accounts whose passwords are in circulation: logins of ours, and addresses of theirs, are evidence; foreign names are written
// down nowhere.

import { foldAddress } from '../../model/mail-address.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { done } from './outcome.ts'
import type { OrderParts } from './order-parts.ts'

export async function importAccounts(
  { subscribers, reporter }: Pick<OrderParts, 'subscribers' | 'reporter'>,
  { order: { accounts }, at }: GivenOrderOf<'import-accounts'>,
): Promise<OrderOutcome> {
  const logins = new Set(
    accounts.flatMap(one => subscribers.loginOf(foldAddress(one.trim()))?.name ?? []),
  )
  for (const login of logins)
    reporter.report({ kind: 'password-circulates', at, login, seen: 'list' })
  const count = `${logins.size} ${logins.size === 1 ? 'login' : 'logins'} of yours`
  return done(`${count} among ${accounts.length} accounts (cordon events login:NAME).`)
}
