// What came of an order, in a sentence for whoever gave it.

import type { OrderOutcome } from '../../model/order.ts'

export const done = (text: string): OrderOutcome => ({ done: true, text })
export const refused = (text: string): OrderOutcome => ({ done: false, text })
