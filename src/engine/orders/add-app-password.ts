// A password for a single mail program, made for an owner or by staff.

import { SCOPES } from '../../model/app-password.ts'
import { AT_ONCE } from '../../model/in-turn.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { refused } from './outcome.ts'

/** No login has more devices than this. */
const MAX_EACH = 50

type AppPasswordParts = Pick<OrderParts, 'subscribers' | 'credentials' | 'names' | 'inTurn'>

/** In turn: a login that leaves meanwhile would leave it behind. */
export const addAppPassword = (
  parts: AppPasswordParts,
  given: GivenOrderOf<'add-app-password'>,
): Promise<OwnersOutcome> => (parts.inTurn ?? AT_ONCE)(() => added(parts, given))

async function added(
  parts: AppPasswordParts,
  { order, actor, at }: GivenOrderOf<'add-app-password'>,
): Promise<OwnersOutcome> {
  const owner = parts.subscribers.byLogin(order.login)
  const mine = owner && mayTouch(actor, { subscriber: owner.id })
  if (!owner || !mine)
    return refused(`There is no mail account ${order.login} of yours.`, 'no-login')
  const label = order.label.trim()
  const scopes = SCOPES.filter(scope => order.scopes.includes(scope))
  if (parts.credentials.appPasswords(order.login).length >= MAX_EACH)
    return refused(`There are ${MAX_EACH} already. Please remove some first.`, 'enough-passwords')
  const id = parts.names.record()
  const what = { id, subscriber: owner.id, login: order.login, label, scopes, at }
  const secret = await parts.credentials.addAppPassword(what)
  const text = `The password for ${label} is made. Type it in that program, with or without the dashes.`
  return looked(mine, { done: true, text, secret })
}
