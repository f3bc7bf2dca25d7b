// What taking over customers compares: those of the configuration, and what the ledger knows of them.

import type { Lease } from '../../model/lease.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Account, StoredAppPassword } from '../../ports/accounts.ts'
import type { FromFile } from './from-file.ts'

export type ConfiguredCustomers = {
  readonly subscribers: readonly (Omit<Subscriber, 'logins'> & {
    readonly portalPasswordHash?: string | undefined
    readonly logins: readonly {
      readonly name: string
      readonly addresses: readonly string[]
      readonly passwordHash?: string | undefined
    }[]
  })[]
  readonly leases: readonly {
    readonly realm: string
    readonly prefix: string
    readonly ports?: readonly [number, number] | undefined
    readonly subscriber: string
  }[]
}

/** A password of a login, or without one of the portal. */
export type Whose = Omit<Account, 'hash'>

export type KnownToLedger = {
  readonly accounts: readonly Account[]
  readonly appPasswords: readonly StoredAppPassword[]
  /** Leases that are open. */
  readonly open: readonly Lease[]
  /** Customers that a feed or an import told of while the file had them not: they are not the file's. */
  readonly subscribers: ReadonlySet<string>
  readonly before: FromFile | undefined
}
