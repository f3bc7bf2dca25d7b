// What came of an order, in a sentence for the person who gave it.

import type { Done, RefusalWhy, Refused } from '../../model/order.ts'

export const done = (text: string): Done => ({ done: true, text })
export const refused = (text: string, why?: RefusalWhy): Refused => ({
  done: false,
  text,
  ...(why === undefined ? {} : { why }),
})
