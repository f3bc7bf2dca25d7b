// What of the ledger came from the configuration file, so that what the file names no longer can be taken out, and nothing else. Kept as one
// record of the ledger. Of passwords there are prints of their hashes: whether the file has another one now, or the ledger changed since.

import { createHash } from 'node:crypto'
import type { RecordRows } from '../../ports/records.ts'
import { changeRecord } from '../ledger/change-record.ts'
import { parseBody } from '../ledger/parse-row.ts'

/** Data of one customer, as the file had them last. */
export type FromFileCustomer = {
  /** A feed or an import named the customer as well: then they are not the file's to take out. */
  readonly elsewhere?: true
  /** Login, or '' for the portal -> print of the hash that the file gave. */
  readonly passwords: Readonly<Record<string, string>>
}

export type FromFile = {
  readonly customers: Readonly<Record<string, FromFileCustomer>>
  /**
   * Lease (`leaseKey`) -> when it began: the same lease told by an access server since began later, and is not the file's. Below
   * 0: it was about to be opened at that time.
   */
  readonly leases: Readonly<Record<string, number>>
}

const RECORD = { kind: 'configuration', id: 'from-file' }

/** A hash is a secret of 256 bits or an expensive one: sixteen bytes tell two apart and give neither away. */
export const printOf = (hash: string): string =>
  createHash('sha256').update(hash).digest('base64').slice(0, 22)

/** Undefined before the first start with a version that keeps it. */
export async function fromFileIn(records: Pick<RecordRows, 'get'>): Promise<FromFile | undefined> {
  const row = await records.get(RECORD.kind, RECORD.id)
  return row && parseBody<FromFile>('records', row.id, row.body)
}

export async function keepFromFile(
  records: Pick<RecordRows, 'get' | 'put' | 'remove'>,
  next: FromFile,
): Promise<void> {
  await changeRecord<FromFile>(records, RECORD, now =>
    JSON.stringify(now) === JSON.stringify(next) ? undefined : next,
  )
}

/** A feed or an import tells of these customers: they stay when the file loses them. */
export async function keepToldElsewhere(
  records: Pick<RecordRows, 'get' | 'put' | 'remove'>,
  told: ReadonlySet<string>,
): Promise<void> {
  await changeRecord<FromFile>(records, RECORD, now => {
    const both = Object.entries(now?.customers ?? {}).filter(
      ([id, one]) => told.has(id) && !one.elsewhere,
    )
    if (!now || both.length === 0) return undefined
    const marked = both.map(([id, one]) => [id, { ...one, elsewhere: true as const }] as const)
    return { ...now, customers: { ...now.customers, ...Object.fromEntries(marked) } }
  })
}
