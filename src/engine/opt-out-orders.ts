// Orders about a customer's port 25 and second factor, each to whoever carries it out.

import type { GivenOrder, Order, OrderOutcome } from '../model/order.ts'
import {
  askOptOut,
  confirmOptOut,
  endOptOut,
  type OptOutParts,
  renewOptOut,
  reverseDnsSet,
} from './opt-outs.ts'
import { fromElsewhere } from './opt-out-checks.ts'
import { done, refused } from './queue-orders.ts'

const KINDS = [
  'begin-factor',
  'confirm-factor',
  'remove-factor',
  'ask-opt-out',
  'confirm-opt-out',
  'renew-opt-out',
  'end-opt-out',
  'reverse-dns-set',
] as const
export type OptOutOrder = Extract<Order, { kind: (typeof KINDS)[number] }>

export const isOptOutOrder = (order: Order): order is OptOutOrder =>
  (KINDS as readonly string[]).includes(order.kind)

/** What is neither for a screen nor for the audit. */
export function withoutCodes(order: OptOutOrder): OptOutOrder {
  const hidden = { ...order }
  if ('factor' in hidden) Object.assign(hidden, { factor: '' })
  if ('proof' in hidden) Object.assign(hidden, { proof: '' })
  return hidden
}

export function carryOutOptOut(
  parts: OptOutParts | undefined,
  given: GivenOrder,
  order: OptOutOrder,
): Promise<OrderOutcome> {
  if (!parts) return Promise.resolve(refused('Nothing of this kind can be done here.'))
  switch (order.kind) {
    case 'begin-factor':
    case 'confirm-factor':
    case 'remove-factor':
      return factorOrder(parts, given, order)
    case 'ask-opt-out':
      return askOptOut(parts, given, order)
    case 'confirm-opt-out':
      return confirmOptOut(parts, given, order)
    case 'renew-opt-out':
      return renewOptOut(parts, given, order)
    case 'end-opt-out':
      return endOptOut(parts, given, order)
    case 'reverse-dns-set':
      return reverseDnsSet(parts, given, order)
    default:
      return order satisfies never
  }
}

async function factorOrder(
  { factors, leases }: OptOutParts,
  { actor, at }: GivenOrder,
  order: Extract<OptOutOrder, { kind: `${string}-factor` }>,
): Promise<OrderOutcome> {
  if (order.kind === 'remove-factor') {
    // Whoever has lost theirs calls: a stolen session must not take it away.
    if (actor.kind === 'owner')
      return refused('Please call us: we remove it when we know that it is you.')
    if (!factors.has(order.subscriber)) return refused(`${order.subscriber} has no second factor.`)
    await factors.remove(order.subscriber)
    return done(`The second factor of ${order.subscriber} is gone.`)
  }
  if (actor.kind !== 'owner')
    return refused('Only a customer can set up a second factor, in the portal.')
  if (order.kind === 'begin-factor') {
    const secret = factors.begin(actor.subscriber)
    return secret === undefined
      ? refused('You have a second factor already. If you lost it, please call us.')
      : {
          done: true,
          text: 'Put this key into your program for codes (time based, six digits), and type the first code it shows.',
          secret,
        }
  }
  // Whoever has only the password, from somewhere else, must not lock its owner out.
  const away = fromElsewhere({ leases }, actor.subscriber, order.from)
  if (away) return away
  return (await factors.confirm(actor.subscriber, order.factor, at))
    ? done('Your second factor is set up. From now on we ask for it when you log in.')
    : refused('That is not the code your program should show now. Check its clock and try again.')
}

export const optOutTarget = (order: OptOutOrder): string => {
  if ('id' in order) return order.id
  if ('subscriber' in order) return order.subscriber
  return 'own line'
}
