// How a program that runs a Cordon ends: in order, and with exit code 1 and a sentence when a part did not end.

import type { Cordon } from '../app/cordon.ts'

/** Resolves with the exit code. Parts that did not end are abandoned: the caller ends the process. */
export async function stopInOrder({ close }: Pick<Cordon, 'close'>): Promise<0 | 1> {
  const left = await close()
  if (left.length === 0) return 0
  console.error(`cordon: did not end in order: ${left.join(', ')}.`)
  return 1
}
