// Everything is taken off a network driver, and stays off.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, line } from './fields.ts'

export const flushDriver = contract({
  kind: 'flush-driver',
  about: 'remove all restrictions from a network driver, and apply none until it is filled',
  ownerMay: false,
  fields: z.strictObject({
    driver: line('Write the name of a network driver.', 64),
    dryRun: dryRun(),
  }),
  target: order => order.driver,
})
