// Decisions x leases x plans -> what the network should hold. Drivers bring it there and know nothing else.

import type { Decision, Restriction } from '../../model/decision.ts'
import { isLine, subjectName } from '../../model/evidence.ts'
import type { Lease } from '../../model/lease.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import { permission } from './opt-out.ts'

export type Household = {
  readonly subscriber: Subscriber
  readonly leases: readonly Lease[]
  readonly inForce: readonly Decision[]
  readonly optOuts?: readonly OptOut[]
  /** Whether another customer has a lease of a part of it. */
  readonly holdsOthers?: (lease: Lease) => boolean
  /** Of the driver that is asked: whether it meets the session of this lease alone. */
  readonly meetsOne?: (lease: Lease) => boolean
}

/**
 * The restrictions and permissions of one subscriber's line, one for each of its leases that is not in doubt and holds no other's; also for
 * these where the session alone is met.
 */
export function desired(household: Household): readonly Restriction[] {
  const { subscriber, leases, holdsOthers = () => false, meetsOne = () => false } = household
  const wanted = strongest(household)
  if (!wanted) return []
  const walledGarden =
    wanted.state === 'isolated' &&
    subscriber.plan !== 'site' &&
    !subscriber.flags.includes('lifeline')
  return leases.flatMap(lease => {
    // Another session claims the lease: the address would be closed for another customer. Or another has a part of it: a router closes or opens
    // the whole prefix, and would meet that one, too.
    const isAnothers = lease.taken === true || lease.doubtFrom !== undefined || holdsOthers(lease)
    if (isAnothers && !meetsOne(lease)) return []
    const destinations = wanted.destinations?.filter(
      one => one.includes(':') === lease.prefix.includes(':'),
    )
    // Nothing of this family was named.
    if (destinations?.length === 0) return []
    return [
      {
        realm: lease.realm,
        prefix: lease.prefix,
        ...(lease.ports ? { ports: lease.ports } : {}),
        ...(lease.session ? { session: lease.session, began: lease.from } : {}),
        subscriber: subscriber.id,
        state: wanted.state,
        walledGarden,
        ...(destinations ? { destinations } : {}),
        ...(wanted.decision ? { decision: wanted.decision.id, until: wanted.decision.until } : {}),
      },
    ]
  })
}

type WantedState = {
  readonly state: Restriction['state']
  readonly decision?: Decision
  readonly destinations?: readonly string[]
}

/** A restriction beats the permission that an expert's plan or an opt-out gives. */
function strongest(household: Household): WantedState | undefined {
  const lineDecisions = household.inForce.filter(
    decision =>
      isLine(decision.subject) && subjectName(decision.subject) === household.subscriber.id,
  )
  const isolated = lineDecisions.find(
    decision => decision.kind === 'suspend' || decision.kind === 'isolate',
  )
  if (isolated) return { state: 'isolated', decision: isolated }
  const redirected = lineDecisions.find(decision => decision.kind === 'redirect-25')
  if (redirected) return { state: 'redirect-25', decision: redirected }
  return household.subscriber.plan === 'expert'
    ? { state: 'open' }
    : permission(household.optOuts ?? [])
}
