// Customers as the provider's own systems know them: what is different is taken over, and nothing at all when it would take too many
// customers out or change too many plans, because then it is the list that is wrong: a part of it takes out everybody else. A person says
// why it is meant. Customers of the configuration are its own, and no list takes them out.

import { addressOfTwo } from '../../model/login-of-two.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

/** What may change without a reason: one in a hundred, */
const SHARE = 0.01
/** and in a smaller house so many plans, */
const PLANS_AT_LEAST = 20
/** and one customer who is gone, as at a reload; */
const GONE_AT_LEAST = 1
/** a list that is read by itself may lose one in ten of a small house, but no more than this: who leaves does so at the end of a month. */
const BY_ITSELF = { share: 0.1, most: 20 }
/** Of more than so many the first are named, and the number of the others. */
const NAMED = 20

const DESPITE =
  'Nothing was changed. If that is meant, say "cordon subscriber import FILE --despite WHY"; --dry-run shows what would be different.'

type FeedOrderParts = Pick<OrderParts, 'subscribers' | 'feed' | 'leases' | 'moveLeases'>

export async function takeFeed(
  parts: FeedOrderParts,
  { order, actor, at }: GivenOrderOf<'take-feed'>,
): Promise<OrderOutcome> {
  const { subscribers: known, feed } = parts
  if (!feed) return refused('That cannot be done here.')
  const { subscribers, keep, dryRun, despite } = order
  const told = new Set(subscribers.map(one => one.id))
  if (told.size !== subscribers.length)
    return refused('The feed has customers twice. Nothing was changed.')
  const change = changeBy(subscribers, known, new Set([...keep, ...feed.named()]))
  const { changed, gone } = change
  // No customers at all are what is left of a list that was cut off, however small the house is.
  const wrong =
    subscribers.length === 0 && known.count() > 0
      ? 'There are no customers in it at all'
      : tooMuch(change, known.count(), actor.kind === 'chore')
  if (wrong !== undefined && despite === undefined && !dryRun)
    return refused(`${wrong} (${inShort(change)}). ${DESPITE}`)
  const left = new Set(gone)
  const twice = addressOfTwo(changed, known, id => left.has(id))
  if (twice)
    return refused(
      `The feed gives ${twice.address} to customer ${twice.second}, and it is an address of customer ${twice.first}. Nothing was changed. Give every address to one customer.`,
    )
  if (dryRun) {
    const needs = wrong === undefined ? '' : ` ${wrong}: without --despite it is refused.`
    return done(`Would be: ${inShort(change)}.${needs}${named(change)}`)
  }
  // First: an address must never be the address of a customer who is not there.
  await parts.moveLeases(
    gone.flatMap(id =>
      parts.leases
        .current(id)
        .map(lease => ({ kind: 'close', lease: { ...lease, to: at } }) as const),
    ),
  )
  await feed.take({ changed, gone, told })
  return done(`${inShort(change)}.${named(change)}`)
}

type Change = {
  /** New ones too. */
  readonly changed: readonly Subscriber[]
  readonly fresh: readonly string[]
  readonly plans: readonly string[]
  readonly others: readonly string[]
  readonly gone: readonly string[]
}

function changeBy(
  told: readonly Subscriber[],
  known: OrderParts['subscribers'],
  kept: ReadonlySet<string>,
): Change {
  const changed: Subscriber[] = []
  const fresh: string[] = []
  const plans: string[] = []
  const others: string[] = []
  const gone: string[] = []
  for (const one of told) {
    const before = known.get(one.id)
    if (same(one, before)) continue
    changed.push(one)
    if (!before) fresh.push(one.id)
    else if (before.plan === one.plan) others.push(one.id)
    else plans.push(`${one.id} (${before.plan} to ${one.plan})`)
  }
  const there = new Set(told.map(one => one.id))
  for (const { id } of known.all()) if (!there.has(id) && !kept.has(id)) gone.push(id)
  return { changed, fresh, plans, others, gone }
}

/** What speaks against it, in words. */
function tooMuch({ plans, gone }: Change, count: number, byItself: boolean): string | undefined {
  if (gone.length === count && count > 0) return 'None of the customers would be left'
  const share = Math.floor(count * SHARE)
  const { share: some, most } = BY_ITSELF
  const small = byItself ? Math.min(most, Math.floor(count * some)) : 0
  const mayGo = Math.max(GONE_AT_LEAST, share, small)
  if (gone.length > mayGo)
    return `${gone.length} of ${count} customers would be gone; more than ${mayGo} at once is a mistake, or a list of only some of them`
  const mayChange = Math.max(PLANS_AT_LEAST, share)
  // Who is gone has lost their plan, too.
  if (plans.length + gone.length > mayChange)
    return `The plans of ${plans.length + gone.length} of ${count} customers would change; more than ${mayChange} at once is a mistake`
  return undefined
}

const inShort = ({ fresh, plans, others, gone }: Change): string =>
  `${fresh.length} new, ${plans.length + others.length} changed (${plans.length} plans), ${gone.length} gone`

function named({ fresh, plans, others, gone }: Change): string {
  const lists = { New: fresh, Changed: [...plans, ...others], Gone: gone }
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
