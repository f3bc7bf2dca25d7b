// Port 25, opened on their own wish, is closed again.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id } from './fields.ts'

export const endOptOut = contract({
  kind: 'end-opt-out',
  about: 'close port 25 again, which was opened on a customer’s own wish',
  ownerMay: true,
  fields: z.strictObject({ id: id('an opt-out') }),
  target: order => order.id,
})
