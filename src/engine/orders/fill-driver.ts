// What is decided on a network driver again.

import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { DryRunParts } from './lines-changed.ts'
import type { OrderParts } from './order-parts.ts'
import { switchDriver } from './switch-driver.ts'

export const fillDriver = (
  parts: Pick<OrderParts, 'off' | 'reconcileAll'> & DryRunParts,
  given: GivenOrderOf<'fill-driver'>,
): Promise<OrderOutcome> => switchDriver(parts, given)
