// An opt-out ends: port 25 of the customer is closed again.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { type DryRunParts, linesChanged } from './lines-changed.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { noOptOuts } from '../port25/opt-out-checks.ts'
import { endOptOut as carryOut, type OptOutParts } from '../port25/opt-outs.ts'
import { done, refused } from './outcome.ts'

export async function endOptOut(
  parts: Pick<OrderParts, 'optOut'> & DryRunParts,
  given: GivenOrderOf<'end-opt-out'>,
): Promise<OwnersOutcome> {
  const { optOut } = parts
  if (!optOut) return noOptOuts
  return given.order.dryRun ? wouldEnd(parts, optOut, given) : carryOut(optOut, given)
}

function wouldEnd(
  parts: DryRunParts,
  { optOuts }: OptOutParts,
  { order, actor }: GivenOrderOf<'end-opt-out'>,
): OwnersOutcome {
  const found = optOuts.get(order.id)
  const mine = mayTouch(actor, found)
  if (!found || found.state === 'ended' || !mine) return refused(`There is no opt-out ${order.id}.`)
  if (actor.kind === 'owner') return refused('That is for our staff to do.')
  const left = optOuts.of(found.subscriber).filter(({ id }) => id !== found.id)
  return looked(mine, done(linesChanged(parts, found.subscriber, { optOuts: left })))
}
