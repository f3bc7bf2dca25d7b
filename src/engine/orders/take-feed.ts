// Customers as the provider's own systems know them: differences are taken over, and none when they would take too much away
// (feed-brake.ts), unless a person says why it is meant. No list takes out or changes customers of the configuration.

import { AT_ONCE } from '../../model/in-turn.ts'
import { completed } from '../../model/feed-row.ts'
import { loginOutside } from '../../model/login-outside.ts'
import { AddressTaken, addressOfTwo } from '../../model/login-of-two.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { feedBrake } from './feed-brake.ts'
import { changeBy, inShort, named } from './feed-change.ts'
import { changesBetween, type DryRunParts, householdsOf, linesInWords } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

const DESPITE =
  'Nothing was changed. If that is meant, say "cordon subscriber import FILE --despite WHY"; --dry-run shows what would be different.'

type FeedOrderParts = Pick<OrderParts, 'subscribers' | 'feed' | 'moveLeases' | 'inTurn'> &
  DryRunParts

export const takeFeed = (
  parts: FeedOrderParts,
  given: GivenOrderOf<'take-feed'>,
): Promise<OrderOutcome> => (parts.inTurn ?? AT_ONCE)(() => taken(parts, given))

async function taken(
  parts: FeedOrderParts,
  { order, actor, at }: GivenOrderOf<'take-feed'>,
): Promise<OrderOutcome> {
  const { subscribers: known, feed } = parts
  if (!feed) return refused('That cannot be done here.')
  const { keep, dryRun, despite } = order
  const subscribers = order.subscribers.map(one => completed(one, known.get(one.id)))
  const told = new Set(subscribers.map(one => one.id))
  if (told.size !== subscribers.length)
    return refused('The feed has customers twice. Nothing was changed.')
  const change = changeBy(subscribers, known, { keep, own: feed.named() })
  const { changed, gone } = change
  // A list without any customer was cut off, however small the provider is.
  const wrong =
    subscribers.length === 0 && known.count() > 0
      ? 'There are no customers in it at all'
      : feedBrake(change, known.count(), actor.kind === 'chore')
  if (wrong !== undefined && despite === undefined && !dryRun)
    return refused(`${wrong} (${inShort(change)}). ${DESPITE}`)
  const left = new Set(gone)
  const twice = addressOfTwo(changed, known, id => left.has(id))
  if (twice)
    return refused(
      `The feed gives ${twice.address} to customer ${twice.second}, and it is an address of customer ${twice.first}. Nothing was changed. Give every address to one customer.`,
    )
  const outside = loginOutside(changed, known, new Set(feed.domains()))
  if (outside)
    return refused(
      `${outside.name} of customer ${outside.customer} is in none of our domains, so no mail reaches it. Nothing was changed. Give logins in one of the domains, or add the domain to them.`,
    )
  if (dryRun) {
    const needs = wrong === undefined ? '' : ` ${wrong}: without --despite it is refused.`
    const lines = linesInWords(wouldChange(parts, change))
    return done(`Would be: ${inShort(change)}.${needs}${named(change)} ${lines}`)
  }
  try {
    await feed.take({ changed, gone, told })
  } catch (error) {
    // Written by another process since memory was filled.
    if (error instanceof AddressTaken) return refused(error.message)
    throw error
  } finally {
    // Behind the customers: on a full disk those who stay keep their lines. Also those of a list before, that could not be written then.
    await parts.moveLeases(
      feed
        .ownerless()
        .map(({ to = at, ...lease }) => ({ kind: 'close', lease: { ...lease, to } }) as const),
    )
  }
  return done(`${inShort(change)}.${named(change)}`)
}

/** A customer with another plan may be opened or closed; of one who is gone nothing is in force any more. */
function wouldChange(
  parts: DryRunParts,
  { changed, gone }: { readonly changed: readonly Subscriber[]; readonly gone: readonly string[] },
): readonly string[] {
  const next = new Map(changed.map(one => [one.id, one]))
  const before = householdsOf(parts, [...next.keys(), ...gone])
  const after = before.flatMap(one => {
    const subscriber = next.get(one.subscriber.id)
    return subscriber ? [{ ...one, subscriber }] : []
  })
  return changesBetween(parts, before, after)
}
