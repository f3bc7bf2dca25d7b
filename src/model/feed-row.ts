// A customer as the provider's own systems tell of them, read with care: a bad row is told with its reason, and changes no customer.

import { foldAddress, parseMailAddress } from './mail-address.ts'
import { FLAGS, type Flag, PLANS, type Plan, type Subscriber } from './subscriber.ts'

/** The customer, or what is wrong with the row. */
export function subscriberFrom(row: Readonly<Record<string, unknown>>): Subscriber | string {
  const id = text(row['id'])
  if (id === '' || id.length > 64)
    return 'a customer has no number (id), or one of more than 64 characters'
  const plan = text(row['plan']) || 'consumer'
  if (!PLANS.includes(plan as Plan))
    return `customer ${id}: ${plan} is no plan; there are ${PLANS.join(', ')}`
  const flags = list(row['flags'])
  const strange = flags.find(flag => !FLAGS.includes(flag as Flag))
  if (strange !== undefined)
    return `customer ${id}: ${strange} is no flag; there are ${FLAGS.join(', ')}`
  const logins = loginsOf(row['logins'])
  const contacts = list(row['contacts'])
  const bad = [...contacts, ...logins.flatMap(login => login.addresses)].find(
    address => parseMailAddress(address) === undefined,
  )
  if (bad !== undefined) return `customer ${id}: ${bad} is no mail address`
  const [first] = logins
  return {
    id,
    plan: plan as Plan,
    flags: flags as Flag[],
    language: text(row['language']) || 'en',
    contacts: contacts.length > 0 ? contacts : first ? [first.name] : [],
    logins,
  }
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''

/** A list, or words with spaces between. */
const list = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(text) : text(value).split(/\s+/)).filter(one => one !== '')

/** Names, or `{ name, addresses }`. */
function loginsOf(value: unknown): { name: string; addresses: string[] }[] {
  const all: unknown[] = Array.isArray(value) ? value : list(value)
  return all.flatMap(one => {
    const { name, addresses } =
      typeof one === 'object' && one !== null
        ? (one as { name?: unknown; addresses?: unknown })
        : { name: one, addresses: [] }
    const folded = foldAddress(text(name))
    if (folded === '') return []
    return [
      { name: folded, addresses: [...new Set([folded, ...list(addresses).map(foldAddress)])] },
    ]
  })
}
