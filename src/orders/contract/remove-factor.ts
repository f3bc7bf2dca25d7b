// A customer who has lost their second factor calls, and staff take it away: a stolen session must not.

import { z } from 'zod'
import { contract } from './contract.ts'
import { customer } from './fields.ts'

export const removeFactor = contract({
  kind: 'remove-factor',
  about: 'remove the second factor of a customer who lost it',
  ownerMay: false,
  fields: z.strictObject({ subscriber: customer }),
  target: order => order.subscriber,
})
