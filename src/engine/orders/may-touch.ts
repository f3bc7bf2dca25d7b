// Which things the actor of an order may change. An order that owners may give, and that does not ask here, does not compile.

import type { Actor, Done, OrderOutcome, Owner, Refused } from '../../model/order.ts'

declare const LOOKED: unique symbol
/** The proof that the owner was checked: only `mayTouch` and `theirOwn` make one. */
export type Looked = { readonly [LOOKED]: true }

/** The outcome of an order that owners may give: refused, or done after a check of the owner. */
export type OwnersOutcome = Refused | (Done & Looked)

/** An incident, a message, a customer as `{ subscriber: id }`. */
type Thing = { readonly subscriber?: string | undefined }

/** Owners touch what is theirs; staff and chores, everything. Undefined when the actor may not; for what does not exist, for staff, too. */
export function mayTouch(actor: Actor, thing: Thing | undefined): Looked | undefined {
  if (thing === undefined) return undefined
  return actor.kind !== 'owner' || actor.subscriber === thing.subscriber ? LOOKED_AT : undefined
}

const LOOKED_AT = {} as Looked

/** For an order that only owners give, about nothing but themselves. */
export const theirOwn = (_actor: Owner): Looked => ({}) as Looked

/** An outcome, with the proof that the owner was checked. */
export const looked = (_proof: Looked, outcome: OrderOutcome): OwnersOutcome =>
  outcome as OwnersOutcome
