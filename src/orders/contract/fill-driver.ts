// Applies all decisions to a network driver again.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, line } from './fields.ts'

export const fillDriver = contract({
  kind: 'fill-driver',
  about: 'apply all decisions to a network driver again',
  ownerMay: false,
  fields: z.strictObject({
    driver: line('Write the name of a network driver.', 64),
    dryRun: dryRun(),
  }),
  target: order => order.driver,
})
