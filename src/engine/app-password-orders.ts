// Passwords for single mail programs: made for an owner or by staff, and taken back alone.

import { SCOPES } from '../model/app-password.ts'
import type { GivenOrder, Order, OrderOutcome } from '../model/order.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Names } from '../ports/names.ts'
import type { Sessions } from '../ports/sessions.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import { mayTouch } from './may-touch.ts'
import { done, refused } from './queue-orders.ts'

export type AppPasswordParts = {
  readonly subscribers: Subscribers
  readonly credentials: Credentials
  readonly sessions: Sessions
  readonly names: Names
}

/** More devices than this nobody has. */
const MAX_EACH = 50

type Wanted<K> = Extract<Order, { kind: K }>

export async function addAppPassword(
  parts: AppPasswordParts,
  { actor, at }: GivenOrder,
  order: Wanted<'add-app-password'>,
): Promise<OrderOutcome> {
  const owner = parts.subscribers.byLogin(order.login)
  if (!owner || !mayTouch(actor, owner.id))
    return refused(`There is no mail account ${order.login} of yours.`)
  const label = order.label.trim().slice(0, 80)
  if (label === '') return refused('Please say for what it is: the name of the device or program.')
  const scopes = SCOPES.filter(scope => order.scopes.includes(scope))
  if (scopes.length === 0) return refused(`Please say what it may do: ${SCOPES.join(', ')}.`)
  if (parts.credentials.appPasswords(order.login).length >= MAX_EACH)
    return refused(`There are ${MAX_EACH} already. Please remove some first.`)
  const id = parts.names.record()
  const what = { id, subscriber: owner.id, login: order.login, label, scopes, at }
  const secret = await parts.credentials.addAppPassword(what)
  const text = `The password for ${label} is made. Type it in that program, with or without the dashes.`
  return { done: true, text, secret }
}

export async function removeAppPassword(
  parts: AppPasswordParts,
  { actor }: GivenOrder,
  order: Wanted<'remove-app-password'>,
): Promise<OrderOutcome> {
  const found = parts.credentials.appPassword(order.id)
  if (!found || !mayTouch(actor, found.subscriber))
    return refused(`There is no app password ${order.id}.`)
  await parts.credentials.removeAppPassword(found.id)
  // Whoever came in with it is not told from whoever did not: all come in anew.
  parts.sessions.cut(found.login)
  return done(`The password for ${found.label} (${found.login}) is gone.`)
}
