// Hashes of passwords, as they are kept on disk. Whether a password is right says `ports/credentials.ts`.

import type { AppPassword } from '../model/app-password.ts'

export type Account = {
  readonly subscriber: string
  /** Without one it is the password of the portal. */
  readonly login?: string
  readonly hash: string
}

export type StoredAppPassword = AppPassword & { readonly hash: string }

export interface Accounts {
  accounts(): Promise<readonly Account[]>
  /** New hashes of accounts that are there already. All of them or none. */
  putAccounts(accounts: readonly Account[]): Promise<void>
  /** Those that are not there are no mistake. All of them or none. */
  removeAccounts(whose: readonly Omit<Account, 'hash'>[]): Promise<void>
  appPasswords(): Promise<readonly StoredAppPassword[]>
  putAppPassword(one: StoredAppPassword): Promise<void>
  removeAppPasswords(ids: readonly string[]): Promise<void>
}
