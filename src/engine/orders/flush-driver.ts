// Removes all restrictions from a network driver.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { DryRunParts } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { switchDriver } from './switch-driver.ts'

export const flushDriver = (
  parts: Pick<OrderParts, 'off' | 'reconcileAll'> & DryRunParts,
  given: GivenOrderOf<'flush-driver'>,
): Promise<OrderOutcome> => switchDriver(parts, given)
