// How things stand now, for one screen.

import type { DecisionKind } from '../../model/decision.ts'
import { wordsOf } from '../../model/errors.ts'
import type { ServerStatus } from '../../ports/operations.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Spool } from '../../ports/spool.ts'
import type { StoreHealth } from './store-health.ts'

export type StatusParts = {
  readonly spool: Pick<Spool, 'totals'>
  readonly cases: Pick<Cases, 'allInForce'>
  readonly health: StoreHealth
  /** Other faults, in words: what no alarm may reach the operator of. */
  readonly faults: () => Promise<readonly string[]>
  readonly connections: () => number
  /** Entries of our list; none where there is no list. */
  readonly listed: () => number | undefined
  /** Certificates that are shown now, and when each ends. */
  readonly certificates: () => readonly { readonly name: string; readonly to: number }[]
  /** The tellers of the network, and by how much each one's clock is behind ours (ms). */
  readonly tellers: () => readonly {
    readonly kind: string
    readonly name: string
    readonly offset?: number
  }[]
  /** Evidence only observes. */
  readonly observes: boolean
  /** What of the network needs attention. */
  readonly worries: () => number
  readonly version: string
  /** ms since 1970. */
  readonly startedAt: number
  readonly now: () => number
}

/** What cannot be read is a problem that is said, and the rest stands. */
export async function serverStatus(parts: StatusParts): Promise<ServerStatus> {
  const [stores, faults] = await Promise.all([parts.health(), parts.faults()])
  const problems = [...stores.map(one => one.words), ...faults]
  const queue = await parts.spool
    .totals()
    .catch((error: unknown) => void problems.push(`the queue cannot be read: ${wordsOf(error)}`))
  const inForce: Partial<Record<DecisionKind, number>> = {}
  for (const { kind } of parts.cases.allInForce()) inForce[kind] = (inForce[kind] ?? 0) + 1
  const [certificate] = parts.certificates().toSorted((a, b) => a.to - b.to)
  const listed = parts.listed()
  return {
    version: parts.version,
    now: parts.now(),
    startedAt: parts.startedAt,
    problems,
    ...(queue ? { queue } : {}),
    inForce,
    ...(parts.observes ? { observes: true } : {}),
    connections: parts.connections(),
    ...(listed === undefined ? {} : { listed }),
    tellers: parts.tellers().length,
    worries: parts.worries(),
    ...(certificate ? { certificate } : {}),
  }
}
