// Do the stores still work? Each is really written and read. One that refuses answers, and mail waits until it takes something again; one
// that is silent is stuck, and only a restart helps.

import type { Ledger } from '../../ports/ledger.ts'
import type { Spool } from '../../ports/spool.ts'

export type StoreProblem = {
  readonly words: string
  /** It has not answered at all. */
  readonly silent: boolean
}

/** What does not work now; empty when all is well. Takes PATIENCE at most. */
export type StoreHealth = () => Promise<readonly StoreProblem[]>

export type HealthParts = {
  readonly spool: Pick<Spool, 'totals' | 'settle'>
  readonly ledger: Pick<Ledger, 'audit' | 'putRecord'>
}

/** A store that has not answered by then does not work. */
const PATIENCE = 2000

export function storeHealth({ spool, ledger }: HealthParts): StoreHealth {
  return async () => {
    const found = await Promise.all([
      // Settling nothing writes nevertheless.
      problem('the queue cannot be written', () => spool.settle([])),
      problem('the queue cannot be read', () => spool.totals()),
      problem('the ledger cannot be written', () => ledger.putRecord('health', 'written', '1')),
      problem('the ledger cannot be read', () => ledger.audit(1)),
    ])
    return found.filter(one => one !== undefined)
  }
}

async function problem(
  what: string,
  work: () => Promise<unknown>,
): Promise<StoreProblem | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<StoreProblem>(resolve => {
    timer = setTimeout(() => resolve({ words: `${what}: no answer`, silent: true }), PATIENCE)
  })
  try {
    return await Promise.race([late, work().then(() => undefined)])
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { words: `${what}: ${why}`, silent: false }
  } finally {
    clearTimeout(timer)
  }
}
