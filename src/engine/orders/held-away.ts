// The mail server that holds a message cannot be asked: the order is refused. Staff are told why.

import type { Actor } from '../../model/order.ts'
import { HoldQueueAway } from '../../ports/hold-queue.ts'

/** Throws any other error again. */
export function heldAway(error: unknown, actor: Actor): { readonly away: string } {
  if (!(error instanceof HoldQueueAway)) throw error
  const away =
    actor.kind === 'owner'
      ? 'That is not possible just now. Please try again in a few minutes.'
      : `The mail server that holds it does not do it: ${error.message}`
  return { away }
}
