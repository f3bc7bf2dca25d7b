// Rolls back what was counted of a message that we could not take: its sender tries again, and the message must count once.

import type { Op, Reading } from '../../model/counter.ts'
import type { Counters } from '../../ports/counters.ts'
import { after } from '../../model/after.ts'
import type { Taken } from '../judging/counting.ts'

/** `at`: when it was counted. A store that does not answer has counted it, as one that is ended in between. */
export async function rollBack(
  { counters }: { readonly counters: Counters },
  at: number,
  counted: readonly Taken[],
): Promise<void> {
  const ops = counted.flatMap(one => one.ops.flatMap((op, i) => undoing(op, one.readings[i])))
  if (ops.length > 0) await counters.apply({ at, mode: 'rollback', ops })
}

/** Of distinct members only those that were new. */
function undoing(op: Op, reading: Reading | undefined): Op[] {
  if (op.op !== 'distinct') return [op]
  if (!reading?.novel) return []
  return [reading.fresh ? { ...op, members: reading.fresh } : op]
}

/** The same counters, but they note in `counted` what is taken. */
export const noting = (counters: Counters, counted: Taken[]): Counters => ({
  apply: batch =>
    after(counters.apply(batch), answer => {
      if (batch.mode === 'take' && 'taken' in answer && answer.taken)
        counted.push({ ops: batch.ops, readings: answer.readings })
      return answer
    }),
})
