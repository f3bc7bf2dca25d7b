// Which restriction is in force on the line that a request comes from. Where it is not certain whose line that is, nothing is said of any.

import { type Decision, strongest } from '../../../model/decision.ts'
import { type EvidenceKind, lineOf } from '../../../model/evidence.ts'
import type { Client } from '../../../model/step.ts'
import type { Subscriber } from '../../../model/subscriber.ts'
import type { Cases } from '../../../ports/cases.ts'
import type { Leases } from '../../../ports/leases.ts'
import type { Subscribers } from '../../../ports/subscribers.ts'

export type RestrictionParts = {
  readonly leases: Pick<Leases, 'holder'>
  readonly subscribers: Pick<Subscribers, 'get'>
  /** In memory: whatever an infected machine asks for over plain HTTP is answered, and costs no look at a disk. */
  readonly cases: Pick<Cases, 'open' | 'inForce'>
}

export type Restriction = {
  readonly kind: 'isolate' | 'suspend'
  readonly byStaff: boolean
  readonly caseCode: string
  readonly kinds: readonly EvidenceKind[]
  readonly since: number
  readonly until: number
}

/** `restriction`: undefined where nothing stands in the way of the line. */
export type Asker =
  | { readonly known: false }
  | {
      readonly known: true
      readonly subscriber: Pick<Subscriber, 'language'>
      readonly restriction?: Restriction
    }

export function askerAt(parts: RestrictionParts, client: Client): Asker {
  const { realm, address, port } = client
  const holder = parts.leases.holder(realm, address, port)
  if (holder.sure !== 'certain' || holder.subscriber === undefined) return { known: false }
  const subscriber = parts.subscribers.get(holder.subscriber)
  if (!subscriber) return { known: false }
  const line = lineOf(holder.subscriber)
  const inForce = parts.cases.inForce(line).filter(isGarden)
  const [first] = inForce
  const incident = parts.cases.open(line)
  if (!first || !incident) return { known: true, subscriber }
  const kind = strongest(first.kind, inForce) === 'suspend' ? 'suspend' : 'isolate'
  const decided = inForce.find(one => one.kind === kind) ?? first
  return {
    known: true,
    subscriber,
    restriction: {
      kind,
      byStaff: decided.by === 'staff',
      caseCode: incident.caseCode,
      kinds: incident.kinds,
      since: decided.at,
      until: decided.until,
    },
  }
}

const isGarden = ({ kind, endedAt }: Decision): boolean =>
  endedAt === undefined && (kind === 'isolate' || kind === 'suspend')
