// The tables of the ledger, as kysely knows them. Columns that are searched are columns; the rest of a record is
// its JSON, so that a record is read back exactly as it was written.

import type { Generated } from 'kysely'

export type LedgerTables = {
  subscribers: { id: string; body: string }
  customer_addresses: { address: string; subscriber: string }
  leases: {
    realm: string
    prefix: string
    first_port: number
    subscriber: string
    from_at: number
    /** The access server and its number for the session (`sessionText`); empty without one. */
    session: string
    to_at: number | null
    body: string
  }
  accounts: { subscriber: string; login: string; hash: string }
  records: { kind: string; id: string; rev: number; body: string }
  app_passwords: { id: string; login: string; body: string }
  incidents: {
    id: string
    subject: string
    subscriber: string | null
    open: number
    epoch: number
    changed_at: number
    opened_at: number
    case_code: string
    body: string
  }
  decisions: {
    id: string
    incident: string
    subject: string
    ended: number
    at: number
    body: string
  }
  evidence: { n: Generated<number>; subject: string; at: number; body: string }
  changes: { n: Generated<number>; at: number; body: string }
  changes_kept: { life: string; forgotten: number }
  notices: { id: string; incident: string; at: number; body: string }
  audit: {
    n: Generated<number>
    at: number
    actor: string
    order_kind: string
    target: string
    body: string
  }
}
