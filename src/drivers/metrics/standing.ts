// How things stand now, for one screen.

import type { DecisionKind } from '../../model/decision.ts'
import { wordsOf } from '../../model/errors.ts'
import type { Standing } from '../../ports/operations.ts'
import type { OperationsParts } from './operations.ts'

/** What cannot be read is a problem that is said, and the rest stands. */
export async function standingOf(parts: OperationsParts): Promise<Standing> {
  const problems = (await parts.health()).map(one => one.words)
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
    connections: parts.connections(),
    ...(listed === undefined ? {} : { listed }),
    tellers: parts.tellers().length,
    worries: parts.worries(),
    ...(certificate ? { certificate } : {}),
  }
}
