// Whether it is surely its owner who says so. A password that a thief has, too, proves nothing: of owners the second factor counts alone.
// Staff have looked themselves.

import type { Actor, Refused } from '../../model/order.ts'
import { fromElsewhere } from '../port25/opt-out-checks.ts'
import type { OrderParts } from './order-parts.ts'
import { refused } from './outcome.ts'

export type ProofParts = Pick<OrderParts, 'factors' | 'leases'>

const NO_FACTOR =
  'A thief who knows your password could say that, too. Please set up a second factor below, from your own connection, and then say it again; or call our service desk. Until then this mail waits its turn, and you may delete what you did not write.'
const NO_CODE =
  'Please type the code of your second factor with it: a thief who knows your password could say that, too.'

/** Nothing is said when it is. */
export async function notProven(
  { factors, leases }: ProofParts,
  actor: Actor,
  given: { readonly code: string | undefined; readonly at: number },
): Promise<Refused | undefined> {
  if (actor.kind !== 'owner') return undefined
  const { subscriber, from } = actor
  if (!factors?.has(subscriber)) return refused(NO_FACTOR, 'no-factor')
  const { code = '', at } = given
  if (code.trim() === '') return refused(NO_CODE, 'no-code')
  const where = fromElsewhere({ leases }, subscriber, from) ? 'elsewhere' : 'own'
  const answer = await factors.check(subscriber, code, { at, where })
  if (answer === 'right') return undefined
  return answer === 'wait'
    ? refused('Too many wrong codes. Please wait a quarter of an hour.', 'codes-wait')
    : refused(
        'The code of your second factor is not right, or was used already. Wait for the next one.',
        'wrong-code',
      )
}
