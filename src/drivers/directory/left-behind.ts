// Secrets that have no owner any more: of customers that are gone, and of logins that are not their customer's any more. What opens an
// account (passwords, app passwords, second factors, sessions) goes with them, whichever way they left: otherwise the secrets of one
// customer would open the account of the next one with that address or number.

import type { Subscriber } from '../../model/subscriber.ts'
import type { Account, StoredAppPassword } from '../../ports/accounts.ts'
import type { Whose } from './known-to-ledger.ts'

type Find = (id: string) => Subscriber | undefined

/** Without a login: the customer is gone. `before`: customers that may have changed, as they were. */
export function leftBetween(before: Iterable<Subscriber>, now: Find): readonly Whose[] {
  const left: Whose[] = []
  for (const { id, logins } of before) {
    const names = new Set(now(id)?.logins.map(({ name }) => name))
    if (!now(id)) left.push({ subscriber: id })
    for (const { name } of logins) if (!names.has(name)) left.push({ subscriber: id, login: name })
  }
  return left
}

type Secrets = {
  readonly accounts: readonly Account[]
  readonly appPasswords: readonly StoredAppPassword[]
}

/** What is kept of no customer: a crash came before it was removed, or a version that did not remove it. */
export function secretsLeftBehind({ accounts, appPasswords }: Secrets, now: Find) {
  const isLeftBehind = ({ subscriber, login }: Whose) =>
    login === undefined
      ? now(subscriber) === undefined
      : now(subscriber)?.logins.some(({ name }) => name === login) !== true
  return {
    accounts: accounts.filter(isLeftBehind).map(({ hash: _hash, ...whose }): Whose => whose),
    appPasswords: appPasswords.filter(isLeftBehind).map(one => one.id),
  }
}
