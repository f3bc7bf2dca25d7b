// The list of network signs of infection. A new sign is one entry here: weighing, the bounds of sums and docs/evidence.md read this list.

import type { Op } from '../../../model/counter.ts'
import type { EventOf } from '../../../model/event.ts'
import type { Subject, Unit } from '../../../model/evidence.ts'
import type { Question } from '../../../model/question.ts'
import { decoys } from './decoys.ts'
import { egress } from './egress.ts'
import { commandContact, servesMany, submissionFanOut } from './flows.ts'
import { floods } from './floods.ts'
import { scans } from './scans.ts'
import type { NetworkKind, NetworkSign, Unstamped } from './sign.ts'

const OF_EGRESS: readonly NetworkSign<'egress-attempt'>[] = [egress, decoys]
const OF_TRAFFIC: readonly NetworkSign<'traffic-seen'>[] = [
  submissionFanOut,
  scans,
  commandContact,
  servesMany,
  floods,
]

type AnySign = { [K in NetworkKind]: NetworkSign<K> }[NetworkKind]
export const NETWORK_SIGNS: readonly AnySign[] = [...OF_EGRESS, ...OF_TRAFFIC]

export const weighEgress = (event: EventOf<'egress-attempt'>): Unit[] =>
  OF_EGRESS.flatMap(sign => sign.counts(event))

export const weighTraffic = (event: EventOf<'traffic-seen'>): Unit[] =>
  OF_TRAFFIC.flatMap(sign => sign.counts(event))

/** The look-up whose result is needed to count an egress attempt. */
export const egressAsks = (event: Unstamped<'egress-attempt'>): Question | undefined =>
  OF_EGRESS.flatMap(sign => sign.asks?.(event) ?? [])[0]

/** Counter operations whose results are needed to weigh an egress attempt. */
export const egressNeeds = (
  event: Unstamped<'egress-attempt'>,
  subject: Subject,
  epoch: number,
): Op[] => OF_EGRESS.flatMap(sign => sign.needs?.(event, subject, epoch) ?? [])
