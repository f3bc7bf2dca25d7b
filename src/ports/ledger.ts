// What must not be lost, as one store offers it: a port for each of its parts. Code that needs one part takes that one; only where stores
// are opened and closed is there anything that takes the whole.

import type { Accounts } from './accounts.ts'
import type { Audit } from './audit.ts'
import type { Cases } from './cases.ts'
import type { Changes } from './changes.ts'
import type { Customers } from './customers.ts'
import type { LeaseRows } from './lease-rows.ts'
import type { Notices } from './notices.ts'
import type { RecordRows } from './records.ts'

export type Ledger = {
  readonly cases: Cases
  readonly changes: Changes
  readonly notices: Notices
  readonly audit: Audit
  readonly customers: Customers
  readonly accounts: Accounts
  readonly leaseRows: LeaseRows
  readonly records: RecordRows
  /** Resolves when everything is written that was asked for. */
  close(): Promise<void>
}
