// What a list of all customers would change: which customers are new, gone or different, and what those who stay would lose. In words for
// the person who looks at the change before it is done, and after.

import type { Subscriber } from '../../model/subscriber.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

/** Of more than so many the first are named, and the number of the others. */
const NAMED = 20

/** What customers who stay may lose by a list; a list with one column less takes one of these from all of them. */
export const LOSABLE = ['logins', 'addresses', 'contacts', 'flags'] as const
export type Losable = (typeof LOSABLE)[number]

export type FeedChange = {
  /** New ones too. */
  readonly changed: readonly Subscriber[]
  readonly fresh: readonly string[]
  readonly plans: readonly string[]
  readonly others: readonly string[]
  readonly gone: readonly string[]
  /** Customers of the configuration whose entry in the list differs: they stay as they are. */
  readonly ofFile: readonly string[]
  readonly lost: Readonly<Record<Losable, readonly string[]>>
  /** How many there are of each, of all customers who are the list's to change; of addresses, those beside the logins' names. */
  readonly had: Readonly<Record<Losable, number>>
}

export function changeBy(
  told: readonly Subscriber[],
  known: Subscribers,
  { keep, own }: { readonly keep: readonly string[]; readonly own: readonly string[] },
): FeedChange {
  const lists = { changed: [] as Subscriber[] }
  const [fresh, plans, others, gone, ofFile]: string[][] = [[], [], [], [], []] as const
  const lost = { logins: [], addresses: [], contacts: [], flags: [] } as Record<Losable, string[]>
  const had = { logins: 0, addresses: 0, contacts: 0, flags: 0 }
  const file = new Set(own)
  for (const one of told) {
    const before = known.get(one.id)
    if (same(one, before)) continue
    if (file.has(one.id)) {
      ofFile.push(one.id)
      continue
    }
    lists.changed.push(one)
    if (!before) fresh.push(one.id)
    else if (before.plan === one.plan) others.push(one.id)
    else plans.push(`${one.id} (${before.plan} to ${one.plan})`)
    if (before) for (const what of LOSABLE) lost[what].push(...LOST[what](before, one))
  }
  const there = new Set(told.map(one => one.id))
  const stay = new Set([...keep, ...own])
  for (const one of known.all()) {
    if (!there.has(one.id) && !stay.has(one.id)) gone.push(one.id)
    if (!file.has(one.id)) for (const what of LOSABLE) had[what] += COUNT[what](one)
  }
  return { ...lists, fresh, plans, others, gone, ofFile, lost, had }
}

const without = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const now = new Set(after)
  return before.filter(one => !now.has(one))
}

type Compare = (before: Subscriber, after: Subscriber) => readonly string[]

const namesOf = ({ logins }: Subscriber): readonly string[] => logins.map(({ name }) => name)

/** The written contacts: where there is none, the first login is the contact. */
const contactsOf = (one: Subscriber): readonly string[] => without(one.contacts, namesOf(one))

const LOST: Readonly<Record<Losable, Compare>> = {
  logins: (before, after) => without(namesOf(before), namesOf(after)),
  // Of logins that stay: of the others they are gone with them.
  addresses: (before, after) =>
    before.logins.flatMap(({ name, addresses }) => {
      const now = after.logins.find(one => one.name === name)
      return now ? without(addresses, now.addresses) : []
    }),
  contacts: (before, after) => without(contactsOf(before), after.contacts),
  flags: (before, after) =>
    without(before.flags, after.flags).map(flag => `${flag} of ${before.id}`),
}

const COUNT: Readonly<Record<Losable, (one: Subscriber) => number>> = {
  logins: one => one.logins.length,
  addresses: one => one.logins.reduce((sum, { addresses }) => sum + addresses.length - 1, 0),
  contacts: one => contactsOf(one).length,
  flags: one => one.flags.length,
}

export function inShort({ fresh, plans, others, gone, ofFile, lost }: FeedChange): string {
  const losses = LOSABLE.flatMap(what =>
    lost[what].length > 0 ? `, ${lost[what].length} ${what} gone of those who stay` : [],
  )
  const own = ofFile.length === 0 ? '' : `, ${ofFile.length} left as the configuration has them`
  return `${fresh.length} new, ${plans.length + others.length} changed (${plans.length} plans), ${gone.length} gone${losses.join('')}${own}`
}

export function named({ fresh, plans, others, gone, ofFile, lost }: FeedChange): string {
  const lists = {
    New: fresh,
    Changed: [...plans, ...others],
    Gone: gone,
    ...Object.fromEntries(LOSABLE.map(what => [`Gone ${what}`, lost[what]])),
    'Of the configuration': ofFile,
  }
  return Object.entries(lists)
    .map(([what, ids]) => {
      if (ids.length === 0) return ''
      const more = ids.length - NAMED
      return ` ${what}: ${ids.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
    })
    .join('')
}

function same(one: Subscriber, other: Subscriber | undefined): boolean {
  return other !== undefined && JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other))
}

const inOrder = ({ id, plan, flags, language, contacts, logins }: Subscriber) => [
  id,
  plan,
  flags,
  language,
  contacts,
  logins.map(({ name, addresses }) => [name, addresses]),
]
