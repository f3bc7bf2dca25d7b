// A new password ends a stolen one, and unlocks the login that was stopped for it.

import { loginOf } from '../../model/evidence.ts'
import { AT_ONCE } from '../../model/in-turn.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { endCase } from './end-case.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function changePassword(
  parts: Pick<
    OrderParts,
    | 'subscribers'
    | 'credentials'
    | 'cases'
    | 'reporter'
    | 'followed'
    | 'spool'
    | 'network'
    | 'inTurn'
  >,
  { order, actor, at }: GivenOrderOf<'change-password'>,
): Promise<OwnersOutcome> {
  // In turn: where the login is taken out meanwhile, its password would stay behind.
  const mine = await (parts.inTurn ?? AT_ONCE)(async () => {
    const owner = parts.subscribers.byLogin(order.login)
    const touched = owner && mayTouch(actor, { subscriber: owner.id })
    if (touched) await parts.credentials.setPassword(order.login, order.password)
    return touched
  })
  if (!mine) return refused(`There is no mail account ${order.login} of yours.`, 'no-login')
  const incident = parts.cases.open(loginOf(order.login))
  // What waits in the window waits on, and a network that is refused stays so: who changes a password is not surely its owner.
  const stopped = parts.cases.inForce(loginOf(order.login)).some(({ byWindow }) => !byWindow)
  if (incident && stopped) {
    const unlocked = await endCase(parts, incident, { by: 'password-change', at, proven: false })
    if (!unlocked.done)
      return looked(mine, done(`The password of ${order.login} is changed. ${unlocked.text}`))
  }
  return looked(
    mine,
    done(`The password of ${order.login} is changed. Put it into your mail programs.`),
  )
}
