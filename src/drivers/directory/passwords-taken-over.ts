// Passwords of the configuration beside those of the ledger. A hash that the file has changed is in force; one that is the same as the last
// time leaves alone what was changed in the portal since. A login or a customer that is gone has no password any more.

import { foldAddress } from '../../model/mail-address.ts'
import type { Account } from '../../ports/accounts.ts'
import { type FromFile, type FromFileCustomer, printOf } from './from-file.ts'
import type { ConfiguredCustomers, KnownToLedger, Whose } from './known-to-ledger.ts'

type ConfiguredSubscriber = ConfiguredCustomers['subscribers'][number]

export type PasswordsTakenOver = {
  /** To be put. */
  readonly accounts: readonly Account[]
  readonly gone: readonly Whose[]
  /** Ids of app passwords that are gone with their logins. */
  readonly appPasswords: readonly string[]
  readonly customers: FromFile['customers']
}

export function passwordsTakenOver(
  known: KnownToLedger,
  { subscribers }: ConfiguredCustomers,
  gone: ReadonlySet<string>,
): PasswordsTakenOver {
  const { before } = known
  const hashes = new Map(known.accounts.map(one => [keyOf(one.subscriber, one.login), one.hash]))
  const accounts: Account[] = []
  const without: Whose[] = []
  /** A number may be `constructor`, or `__proto__`. */
  const customers = new Map<string, FromFileCustomer>()
  const named = new Map(Object.entries(before?.customers ?? {}))
  /** Customers of the file alone -> their logins: no other login of theirs is left. */
  const logins = new Map<string, ReadonlySet<string>>()
  for (const given of subscribers) {
    const { id } = given
    const last = named.get(id)
    // A customer that was there already when the file first named it was told by another source.
    const elsewhere = last
      ? last.elsewhere === true
      : before !== undefined && known.subscribers.has(id)
    const now = passwordsOf(given)
    for (const [login, hash] of now)
      if (isNewer(hash, { known: hashes.get(keyOf(id, login)), last, isFirst: !before, login }))
        accounts.push({ ...whose(id, login), hash })
    for (const [login, print] of Object.entries(last?.passwords ?? {})) {
      const hash = hashes.get(keyOf(id, login))
      if (!now.has(login) && hash !== undefined && printOf(hash) === print)
        without.push(whose(id, login))
    }
    if (last && !elsewhere)
      logins.set(id, new Set(given.logins.map(({ name }) => foldAddress(name))))
    const prints = [...now].map(([login, hash]) => [login, printOf(hash)] as const)
    customers.set(id, {
      ...(elsewhere ? { elsewhere } : {}),
      passwords: Object.fromEntries(prints),
    })
  }
  // Of customers that stay because another source told of them, and that the file lost, the passwords stay, too.
  const isLeft = ({ subscriber, login }: Whose) =>
    gone.has(subscriber) || (login !== undefined && logins.get(subscriber)?.has(login) === false)
  const left = known.accounts
    .filter(isLeft)
    .map(({ subscriber, login = '' }) => whose(subscriber, login))
  const twice = new Set(left.map(one => keyOf(one.subscriber, one.login)))
  return {
    accounts,
    gone: [...without.filter(one => !twice.has(keyOf(one.subscriber, one.login))), ...left],
    appPasswords: known.appPasswords.filter(isLeft).map(one => one.id),
    customers: Object.fromEntries(customers),
  }
}

/** Login, or '' for the portal -> its hash. */
function passwordsOf({
  portalPasswordHash,
  logins,
}: ConfiguredSubscriber): ReadonlyMap<string, string> {
  const all = new Map<string, string>()
  if (portalPasswordHash) all.set('', portalPasswordHash)
  for (const { name, passwordHash } of logins)
    if (passwordHash) all.set(foldAddress(name), passwordHash)
  return all
}

type Against = {
  readonly known: string | undefined
  readonly last: FromFileCustomer | undefined
  /** Nothing is known of what the file said before. */
  readonly isFirst: boolean
  readonly login: string
}

function isNewer(hash: string, { known, last, isFirst, login }: Against): boolean {
  if (known === undefined) return true
  if (known === hash || isFirst) return false
  return last?.passwords[login] !== printOf(hash)
}

const whose = (subscriber: string, login: string): Whose =>
  login === '' ? { subscriber } : { subscriber, login }

const keyOf = (subscriber: string, login = '') => `${subscriber}\0${login}`
