// A customer as the provider's own systems tell of them, read with care: a bad row is told with its reason, and changes no customer.

import { foldAddress, parseMailAddress } from './mail-address.ts'
import { FLAGS, type Flag, PLANS, type Plan, type Subscriber } from './subscriber.ts'

/** What a row says of a customer; of what it has no column for it says nothing, and that stays as it is (`completed`). */
export type ToldSubscriber = Pick<Subscriber, 'id'> & {
  readonly plan?: Plan
  readonly flags?: readonly Flag[]
  readonly language?: string
  readonly contacts?: readonly string[]
  readonly logins?: readonly ToldLogin[]
}

type ToldLogin = { readonly name: string; readonly addresses?: readonly string[] }

/** The customer as told, with what is not told as it was before; a new one has what an empty cell means. */
export function completed(told: ToldSubscriber, before: Subscriber | undefined): Subscriber {
  const was = new Map(before?.logins.map(({ name, addresses }) => [name, addresses]))
  const logins = told.logins
    ? told.logins.map(({ name, addresses }) => ({
        name,
        addresses: addresses ?? was.get(name) ?? [name],
      }))
    : (before?.logins ?? [])
  const names = new Set(logins.map(({ name }) => name))
  // A login that is gone is no place to write to, and the first login is the contact where there is no other.
  const stay = before?.contacts.filter(one => names.has(one) || !was.has(one))
  const contacts = told.contacts ?? stay ?? []
  const [first] = logins
  return {
    id: told.id,
    plan: told.plan ?? before?.plan ?? 'consumer',
    flags: told.flags ?? before?.flags ?? [],
    language: told.language ?? before?.language ?? 'en',
    contacts: contacts.length > 0 ? contacts : first ? [first.name] : [],
    logins,
  }
}

type FeedFields = Readonly<Record<string, unknown>>

/** The customer as the row tells, or what is wrong with it. */
export function subscriberFrom(row: FeedFields): ToldSubscriber | string {
  const id = text(row['id'])
  if (id === '' || id.length > 64)
    return 'a customer has no number (id), or one of more than 64 characters'
  const plan = textIn(row, 'plan', 'consumer')
  if (plan !== undefined && !PLANS.includes(plan as Plan))
    return `customer ${id}: ${plan} is no plan; there are ${PLANS.join(', ')}`
  const flags = listIn(row, 'flags')
  const strange = flags?.find(flag => !FLAGS.includes(flag as Flag))
  if (strange !== undefined)
    return `customer ${id}: ${strange} is no flag; there are ${FLAGS.join(', ')}`
  const logins = Object.hasOwn(row, 'logins') ? loginsOf(row['logins']) : undefined
  const contacts = listIn(row, 'contacts')
  const language = textIn(row, 'language', 'en')
  const written = (logins ?? []).flatMap(({ name, addresses = [] }) => [name, ...addresses])
  const bad = [...(contacts ?? []), ...written].find(one => parseMailAddress(one) === undefined)
  if (bad !== undefined) return `customer ${id}: ${bad} is no mail address`
  return {
    id,
    ...(plan === undefined ? {} : { plan: plan as Plan }),
    ...(flags ? { flags: flags as Flag[] } : {}),
    ...(language === undefined ? {} : { language }),
    ...(contacts ? { contacts } : {}),
    ...(logins ? { logins } : {}),
  }
}

/** Undefined without such a column; `empty` is what an empty cell means. */
const textIn = (row: FeedFields, column: string, empty: string): string | undefined =>
  Object.hasOwn(row, column) ? text(row[column]) || empty : undefined

const listIn = (row: FeedFields, column: string): string[] | undefined =>
  Object.hasOwn(row, column) ? list(row[column]) : undefined

const text = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''

/** A list, or words with spaces between. */
const list = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(text) : text(value).split(/\s+/)).filter(one => one !== '')

/** Names, or `{ name, addresses }`. */
function loginsOf(value: unknown): ToldLogin[] {
  const all: unknown[] = Array.isArray(value) ? value : list(value)
  return all.flatMap(one => {
    const given: { name?: unknown; addresses?: unknown } =
      typeof one === 'object' && one !== null ? one : { name: one, addresses: [] }
    const name = foldAddress(text(given.name))
    if (name === '') return []
    if (!Object.hasOwn(given, 'addresses')) return [{ name }]
    return [{ name, addresses: [...new Set([name, ...list(given.addresses).map(foldAddress)])] }]
  })
}
