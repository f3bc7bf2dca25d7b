// Decisions x leases x plans -> what the network should hold. Drivers bring it there and know nothing else.

import type { Decision, Restriction } from '../../model/decision.ts'
import { isLine, subjectName } from '../../model/evidence.ts'
import type { Lease } from '../../model/lease.ts'
import type { Subscriber } from '../../model/subscriber.ts'

export type Household = {
  readonly subscriber: Subscriber
  readonly leases: readonly Lease[]
  readonly inForce: readonly Decision[]
}

/** The restrictions and permissions of one subscriber's line, one for each of its leases. */
export function desired(household: Household): readonly Restriction[] {
  const { subscriber, leases } = household
  const wanted = strongest(household)
  if (!wanted) return []
  const garden =
    wanted.state === 'isolated' &&
    subscriber.plan !== 'site' &&
    !subscriber.flags.includes('lifeline')
  return leases.map(lease => ({
    realm: lease.realm,
    prefix: lease.prefix,
    ...(lease.ports ? { ports: lease.ports } : {}),
    ...(lease.session ? { session: lease.session } : {}),
    subscriber: subscriber.id,
    state: wanted.state,
    garden,
    ...(wanted.decision ? { decision: wanted.decision.id, until: wanted.decision.until } : {}),
  }))
}

/** A restriction beats the permission that an expert's plan gives. */
function strongest(
  household: Household,
): { state: Restriction['state']; decision?: Decision } | undefined {
  const lineDecisions = household.inForce.filter(
    decision =>
      isLine(decision.subject) && subjectName(decision.subject) === household.subscriber.id,
  )
  const isolated = lineDecisions.find(
    decision => decision.kind === 'suspend' || decision.kind === 'isolate',
  )
  if (isolated) return { state: 'isolated', decision: isolated }
  const turned = lineDecisions.find(decision => decision.kind === 'turn-round')
  if (turned) return { state: 'turned-round', decision: turned }
  return household.subscriber.plan === 'expert' ? { state: 'open' } : undefined
}
