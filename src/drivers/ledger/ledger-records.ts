// Records of one kind in the ledger, kept in memory beside it: there are some thousands of them, and they are asked for often.

import type { Ledger } from '../../ports/ledger.ts'
import type { Records } from '../../ports/records.ts'

export async function ledgerRecords<T extends { readonly id: string }>(
  ledger: Pick<Ledger, 'records' | 'putRecord' | 'removeRecord'>,
  kind: string,
): Promise<Records<T>> {
  const known = new Map<string, T>()
  for (const body of await ledger.records(kind)) {
    const one = JSON.parse(body) as T
    known.set(one.id, one)
  }
  return {
    get: id => known.get(id),
    all: () => known.values(),
    put: one => {
      known.set(one.id, one)
      return ledger.putRecord(kind, one.id, JSON.stringify(one))
    },
    remove: id => {
      known.delete(id)
      return ledger.removeRecord(kind, id)
    },
  }
}
