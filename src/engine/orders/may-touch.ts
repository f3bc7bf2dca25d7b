// What somebody who gives an order may order about. An order that owners may give, and that does not ask here, does not compile.

import type { Actor, Done, OrderOutcome, Owner, Refused } from '../../model/order.ts'

declare const LOOKED: unique symbol
/** Somebody has looked whose it is: nobody else than `mayTouch` and `theirOwn` can say so. */
export type Looked = { readonly [LOOKED]: true }

/** What comes of an order that owners may give: it is refused, or done after a look at whose it is. */
export type OwnersOutcome = Refused | (Done & Looked)

/** An incident, a message, a customer as `{ subscriber: id }`. */
type Thing = { readonly subscriber?: string | undefined }

/** Owners touch what is theirs; staff and chores, everything there is. Undefined when they may not, and of what does not exist: for staff, too. */
export function mayTouch(actor: Actor, thing: Thing | undefined): Looked | undefined {
  if (thing === undefined) return undefined
  return actor.kind !== 'owner' || actor.subscriber === thing.subscriber ? LOOKED_AT : undefined
}

const LOOKED_AT = {} as Looked

/** Of an order that only owners give, about nothing but themselves. */
export const theirOwn = (_actor: Owner): Looked => ({}) as Looked

/** An outcome, with the proof that it was looked whose it is. */
export const looked = (_proof: Looked, outcome: OrderOutcome): OwnersOutcome =>
  outcome as OwnersOutcome
