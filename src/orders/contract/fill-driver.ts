// Applies all decisions to a network driver again.

import { z } from 'zod'
import { contract } from './contract.ts'
import { line } from './fields.ts'

export const fillDriver = contract({
  kind: 'fill-driver',
  about: 'apply all decisions to a network driver again',
  ownerMay: false,
  fields: z.strictObject({ driver: line('Write the name of a network driver.', 64) }),
  target: order => order.driver,
})
