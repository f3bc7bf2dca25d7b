// What came of an order, in a sentence for the person who gave it.

import type { Done, Refused } from '../../model/order.ts'

export const done = (text: string): Done => ({ done: true, text })
export const refused = (text: string): Refused => ({ done: false, text })
