// How many recipients of a message leave now: each has an exit or takes its token, in their order, and the others of the same message wait
// on. So a message to fifty is no fifty times what a message to one is, and costs what fifty messages do.

import type { SubjectRecord } from '../state.ts'
import type { Allowance } from '../tables.ts'
import { type Exit, exit, type Waits } from './exits.ts'
import { take } from './take.ts'

export type Leaving =
  | { readonly what: 'waits' }
  | { readonly what: 'returns' }
  | {
      readonly what: 'leaves'
      /** Recipients. */
      readonly units: number
      /** By an exit, and not by tokens. */
      readonly byExit: boolean
    }

export type WaitingMessage = Omit<Waits, 'messageLeft'> & {
  /** Recipients of it that wait. */
  readonly units: number
}

/** `records`: of all subjects that the message feeds, its sender's own first. They are not changed: what left is charged when it is told. */
export function leaving(
  records: readonly SubjectRecord[],
  message: WaitingMessage,
  allowance: Allowance,
  at: number,
): Leaving {
  const { units, ...waits } = message
  let now = records
  let left = 0
  let last: Exit['exit'] = 'leaves'
  while (left < units && last === 'leaves') {
    const one = exit(now, { ...waits, messageLeft: left > 0 }, allowance, at)
    last = one.exit
    now = one.records
    if (last === 'leaves') left++
  }
  if (left > 0) return { what: 'leaves', units: left, byExit: true }
  if (last === 'returns') return { what: 'returns' }
  let taken = true
  while (left < units && taken) {
    const one = take(now, waits, allowance, at)
    taken = one.taken
    now = one.records
    if (taken) left++
  }
  return left > 0 ? { what: 'leaves', units: left, byExit: false } : { what: 'waits' }
}
