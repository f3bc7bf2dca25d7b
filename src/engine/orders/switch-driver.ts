// Everything off a network driver, before it is taken out of service or when it is to blame; and on again.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { type DryRunParts, linesFilled, linesFlushed } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export async function switchDriver(
  parts: Pick<OrderParts, 'off' | 'reconcileAll'> & DryRunParts,
  { order: { kind, driver, dryRun } }: GivenOrderOf<'flush-driver'> | GivenOrderOf<'fill-driver'>,
): Promise<OrderOutcome> {
  const found = parts.network.find(one => one.name === driver)
  if (!found || !parts.off) {
    const names = parts.network.map(one => one.name).join(', ')
    return refused(`There is no driver ${driver}. There are: ${names === '' ? 'none' : names}.`)
  }
  if (dryRun)
    return done(
      kind === 'fill-driver' ? linesFilled(parts, found) : linesFlushed(found, await found.list()),
    )
  const before = await found.list().catch(() => [])
  await parts.off.change(driver, now =>
    kind === 'fill-driver' ? 'gone' : now ? undefined : { id: driver },
  )
  await parts.reconcileAll()
  const left = await found.list()
  if (kind === 'fill-driver') return done(`${driver} holds ${left.length} entries.`)
  return left.length === 0
    ? done(
        `${before.length} entries are off ${driver}. It stays empty until "cordon driver fill ${driver}".`,
      )
    : refused(
        `${left.length} entries are still on ${driver}: see the action-done events for why. It is tried again every minute.`,
      )
}
