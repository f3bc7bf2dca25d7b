// What somebody who gives an order may order about.

import type { Actor } from '../../model/order.ts'

/** Owners touch what is theirs; staff and chores, everything. */
export function mayTouch(actor: Actor, subscriber: string | undefined): boolean {
  return actor.kind !== 'owner' || actor.subscriber === subscriber
}
