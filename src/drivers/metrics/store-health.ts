// Do the stores still work? Each is really written and read. One that refuses answers, and mail waits until it takes something again; one
// that is silent is stuck, and only a restart helps.

import type { Audit } from '../../ports/audit.ts'
import type { RecordRows } from '../../ports/records.ts'
import { changeRecord } from '../ledger/change-record.ts'
import type { Spool } from '../../ports/spool.ts'

export type StoreProblem = {
  readonly words: string
  /** The store has not answered at all. */
  readonly silent: boolean
}

/** What does not work now; empty when all is well. Takes PATIENCE at most. */
export type StoreHealth = () => Promise<readonly StoreProblem[]>

export type HealthParts = {
  readonly spool: Pick<Spool, 'totals' | 'settle'>
  readonly records: Pick<RecordRows, 'get' | 'put' | 'remove'>
  readonly audit: Pick<Audit, 'list'>
}

/** A store that has not answered by then does not work. */
const PATIENCE = 2000
const HEALTH = { kind: 'health', id: 'written' }

export function storeHealth({ spool, records, audit }: HealthParts): StoreHealth {
  return async () => {
    const found = await Promise.all([
      // Settling nothing writes nevertheless.
      problem('the queue cannot be written', () => spool.settle([])),
      problem('the queue cannot be read', () => spool.totals()),
      problem('the ledger cannot be written', () => changeRecord<1>(records, HEALTH, () => 1)),
      problem('the ledger cannot be read', () => audit.list(1)),
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
