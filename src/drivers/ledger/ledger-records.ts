// Records of one kind in the ledger, kept in memory beside it: there are some thousands of them, and they are asked for often.

import type { Ledger } from '../../ports/ledger.ts'
import type { OwnedRecords, Records } from '../../ports/records.ts'

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

/** The same, found by whose they are. */
export async function ownedRecords<T extends { readonly id: string; readonly subscriber: string }>(
  ledger: Pick<Ledger, 'records' | 'putRecord' | 'removeRecord'>,
  kind: string,
): Promise<OwnedRecords<T>> {
  const records = await ledgerRecords<T>(ledger, kind)
  const byOwner = new Map<string, Set<string>>()
  const note = ({ id, subscriber }: T) =>
    void byOwner.set(subscriber, (byOwner.get(subscriber) ?? new Set()).add(id))
  const forget = (id: string) => {
    const owner = records.get(id)?.subscriber ?? ''
    const mine = byOwner.get(owner)
    mine?.delete(id)
    if (mine?.size === 0) byOwner.delete(owner)
  }
  for (const one of records.all()) note(one)
  return {
    ...records,
    of: subscriber => [...(byOwner.get(subscriber) ?? [])].flatMap(id => records.get(id) ?? []),
    put: one => {
      forget(one.id)
      note(one)
      return records.put(one)
    },
    remove: id => {
      forget(id)
      return records.remove(id)
    },
  }
}
