// A new password ends a stolen one.

import { loginOf } from '../../model/evidence.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { endCase } from './end-case.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function changePassword(
  parts: Pick<
    OrderParts,
    'subscribers' | 'credentials' | 'cases' | 'reporter' | 'followed' | 'spool'
  >,
  { order, actor, at }: GivenOrderOf<'change-password'>,
): Promise<OwnersOutcome> {
  const owner = parts.subscribers.byLogin(order.login)
  const mine = owner && mayTouch(actor, { subscriber: owner.id })
  if (!owner || !mine) return refused(`There is no mail account ${order.login} of yours.`)
  await parts.credentials.setPassword(order.login, order.password)
  const incident = parts.cases.open(loginOf(order.login))
  const stopped = parts.cases.inForce(loginOf(order.login)).length > 0
  if (incident && stopped) {
    const ended = await endCase(parts, incident, { by: 'password-change', at })
    if (!ended.done)
      return looked(mine, done(`The password of ${order.login} is changed. ${ended.text}`))
  }
  return looked(
    mine,
    done(`The password of ${order.login} is changed. Put it into your mail programs.`),
  )
}
