// Customers as the provider's own systems know them: what is different is taken over, and nothing at all when that would change the
// plans of more than so many, because then it is the feed that is wrong.

import { addressOfTwo } from '../../model/login-of-two.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

/** Plans that one feed may change: one in a hundred, and twenty in a small house. */
const SHARE = 0.01
const AT_LEAST = 20

export async function takeFeed(
  parts: Pick<OrderParts, 'subscribers' | 'takeOver' | 'leases' | 'moveLeases'>,
  { order, at }: GivenOrderOf<'take-feed'>,
): Promise<OrderOutcome> {
  if (!parts.takeOver) return refused('That cannot be done here.')
  const { subscribers, keep, dryRun, force } = order
  const told = new Map(subscribers.map(one => [one.id, one]))
  if (told.size !== subscribers.length)
    return refused('The feed has customers twice. Nothing was changed.')
  // No customers at all are what is left of a feed that was cut off, however small the house is.
  if (subscribers.length === 0 && parts.subscribers.count() > 0 && !force)
    return refused(
      'The feed has no customers at all, which is a mistake of the feed. Nothing was changed. "cordon subscriber import --force" does it all the same.',
    )
  const kept = new Set(keep)
  const changed = subscribers.filter(one => !same(one, parts.subscribers.get(one.id)))
  const fresh = changed.filter(one => !parts.subscribers.get(one.id))
  const gone: string[] = []
  for (const { id } of parts.subscribers.all()) if (!told.has(id) && !kept.has(id)) gone.push(id)
  const plans = changed.filter(one => {
    const before = parts.subscribers.get(one.id)
    return before !== undefined && before.plan !== one.plan
  })
  const what = `${fresh.length} new, ${changed.length - fresh.length} changed (${plans.length} plans), ${gone.length} gone`
  const most = Math.max(AT_LEAST, Math.floor(parts.subscribers.count() * SHARE))
  // Who is gone has lost their plan, too.
  if (plans.length + gone.length > most && !force)
    return refused(
      `The feed would change the plans of ${plans.length + gone.length} customers of ${parts.subscribers.count()} (${what}); more than ${most} at once is a mistake of the feed. Nothing was changed. "cordon subscriber import --force" does it all the same.`,
    )
  const left = new Set(gone)
  const twice = addressOfTwo(changed, parts.subscribers, id => left.has(id))
  if (twice)
    return refused(
      `The feed gives ${twice.address} to customer ${twice.second}, and it is an address of customer ${twice.first}. Nothing was changed. Give every address to one customer.`,
    )
  if (!dryRun) {
    // First: an address must never be the address of a customer who is not there.
    await parts.moveLeases(
      gone.flatMap(id =>
        parts.leases
          .current(id)
          .map(lease => ({ kind: 'close', lease: { ...lease, to: at } }) as const),
      ),
    )
    await parts.takeOver({ changed, gone, told: new Set(told.keys()) })
  }
  return done(dryRun ? `Would be: ${what}.` : `${what[0]?.toUpperCase()}${what.slice(1)}.`)
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
