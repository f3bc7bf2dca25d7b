// Releases a case, for its owner or for staff.

import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { release as released } from '../../core/isolation/release.ts'
import { isLine, lineOf } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Actor, OrderOutcome, Refused } from '../../model/order.ts'
import { endCase } from './end-case.ts'
import { looked, mayTouch, type OwnersOutcome } from './may-touch.ts'
import { type DryRunParts, linesChanged } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'
import { notProven, type ProofParts } from './proven-owner.ts'

type ReleaseOrderParts = Pick<OrderParts, 'reporter' | 'followed' | 'spool' | 'cases'> &
  DryRunParts &
  ProofParts

export async function release(
  parts: ReleaseOrderParts,
  { order, actor, at }: GivenOrderOf<'release'>,
): Promise<OwnersOutcome> {
  const [byId] = await parts.cases.incidents({ id: order.incident })
  const [incident] = byId ? [byId] : await parts.cases.incidents({ caseCode: order.incident })
  const mine = mayTouch(actor, incident)
  if (!incident || !mine) return refused(`There is no case ${order.incident}.`)
  const { held } = order
  if (actor.kind === 'owner' && order.dryRun) return refused('That is for our staff to do.')
  if (actor.kind === 'owner' && held)
    return refused('Send or delete each message that waits, one by one.')
  const proof = await proofOf(parts, incident, { code: order.factor, actor, at })
  if (typeof proof === 'object') return proof
  if (order.dryRun) return looked(mine, wouldRelease(parts, incident, { actor, at }))
  return looked(
    mine,
    await endCase(parts, incident, {
      by: actor.kind === 'owner' ? 'owner' : 'staff',
      at,
      proven: proof === 'proven',
      ...(held ? { held: { to: held, actor } } : {}),
    }),
  )
}

/**
 * A release forgets what was known: that says more than "it was me". Without a code the line is open again, and mail waits as before; where
 * nothing else is in force, there is nothing to release without one.
 */
async function proofOf(
  parts: ProofParts & Pick<OrderParts, 'cases'>,
  { subject }: Incident,
  { code, actor, at }: Parameters<typeof notProven>[2] & { readonly actor: Actor },
): Promise<'proven' | 'not proven' | Refused> {
  if (actor.kind !== 'owner') return 'proven'
  const isHeld = parts.cases.inForce(subject).some(({ byWindow }) => byWindow !== undefined)
  if (!isHeld && (code ?? '').trim() === '') return 'not proven'
  return (await notProven(parts, actor, { code, at })) ?? 'proven'
}

function wouldRelease(
  parts: DryRunParts,
  incident: Incident,
  { actor, at }: { readonly actor: Actor; readonly at: number },
): OrderOutcome {
  const { subject, subscriber } = incident
  const inForce = parts.cases.inForce(subject)
  const answer = released(incident, inForce, actor.kind === 'owner' ? 'owner' : 'staff', at)
  if (!answer.ok) return refused(answer.why)
  if (subscriber === undefined) return refused('This case has no customer, so no line would open.')
  // A login's decisions are none of its line.
  const left = isLine(subject) ? [] : parts.cases.inForce(lineOf(subscriber))
  return done(linesChanged(parts, subscriber, { inForce: left }))
}
