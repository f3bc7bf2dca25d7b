// The password of a single mail program is taken back, alone.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function removeAppPassword(
  parts: Pick<OrderParts, 'credentials' | 'sessions'>,
  { order, actor }: GivenOrderOf<'remove-app-password'>,
): Promise<OwnersOutcome> {
  const found = parts.credentials.appPassword(order.id)
  const mine = mayTouch(actor, found)
  if (!found || !mine) return refused(`There is no app password ${order.id}.`)
  await parts.credentials.removeAppPassword(found.id)
  // A session does not know which password opened it: all sessions of the login are cut.
  parts.sessions.cut(found.login)
  return looked(mine, done(`The password for ${found.label} (${found.login}) is gone.`))
}
