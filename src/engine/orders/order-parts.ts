// All that orders are carried out with. Each names what it takes of it.

import type { InTurn } from '../../model/in-turn.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Credentials } from '../../ports/credentials.ts'
import type { Lease } from '../../model/lease.ts'
import type { Leases, MoveLeases } from '../../ports/leases.ts'
import type { Counters } from '../../ports/counters.ts'
import type { SecondFactors } from '../../ports/second-factor.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Names } from '../../ports/names.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { Records } from '../../ports/records.ts'
import type { Sessions } from '../../ports/sessions.ts'
import type { Spool } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import type { Complaints } from '../evidence/complaints.ts'
import type { CaseStore } from '../evidence/change-case.ts'
import type { OptOutParts } from '../port25/opt-outs.ts'
import type { Reporter } from '../evidence/report.ts'
import type { Rollouts } from '../port25/rollouts.ts'

export type TakenFeed = {
  readonly changed: readonly Subscriber[]
  readonly gone: readonly string[]
  /** All that the feed told of. */
  readonly told: ReadonlySet<string>
}

export type Feed = {
  /** Customers of the configuration. */
  readonly named: () => readonly string[]
  /** Our domains; none beside another mail server, which keeps them. */
  readonly domains: () => readonly string[]
  /** Leases in force whose customer is not there any more. */
  readonly ownerless: () => readonly Lease[]
  /** Customers are written down and known from now on; the network follows. */
  readonly take: (feed: TakenFeed) => Promise<void>
}

export type OrderParts = {
  readonly cases: CaseStore & Pick<Cases, 'incidents'>
  readonly audit: Pick<Audit, 'begin' | 'end'>
  readonly spool: Pick<Spool, 'change' | 'flush' | 'list'>
  readonly subscribers: Subscribers
  readonly credentials: Credentials
  readonly names: Names
  readonly sessions: Sessions
  readonly reporter: Pick<Reporter, 'note' | 'report' | 'tellEpisodes' | 'paying'>
  readonly network: readonly NetworkControl[]
  /** Resolves when what follows from all that was saved is done: network, sessions and held mail are in line. */
  readonly followed: () => Promise<void>
  readonly moveLeases: MoveLeases
  /** Reports of abuse. */
  readonly complaints?: Pick<Complaints, 'take' | 'dismiss'> | undefined
  readonly leases: Pick<Leases, 'current' | 'taken' | 'standing' | 'within' | 'around' | 'holder'>
  readonly counters: Pick<Counters, 'apply'>
  /** Without it no owner can prove more than the portal password. */
  readonly factors?: Pick<SecondFactors, 'has' | 'check'> | undefined
  /** Where customers may have their port 25 opened themselves. */
  readonly optOut: OptOutParts | undefined
  /** Somewhere port 25 is redirected to a listener of ours. */
  readonly redirectsToUs?: boolean | undefined
  readonly rollouts: Rollouts | undefined
  /** Names of drivers that hold nothing, because an order turned them off; that outlives a restart. */
  readonly off?: Records<{ readonly id: string }> | undefined
  /** Brings all of the network in line. */
  readonly reconcileAll: () => Promise<void>
  /** Names of the new keys of DKIM; undefined while others wait for the DNS. Rejects when they cannot be written. */
  readonly rotateDkim?:
    | ((
        at: number,
      ) => Promise<{ readonly made: readonly string[]; readonly givenUp: readonly string[] }>)
    | undefined
  /** Customers of the provider's own systems. */
  readonly feed?: Feed | undefined
  /** For orders that change who is a customer, or a secret: not beside a reload, and one at a time. */
  readonly inTurn?: InTurn | undefined
}
