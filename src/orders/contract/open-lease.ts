// An address was given to a customer.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, lease } from './fields.ts'

export const openLease = contract({
  kind: 'open-lease',
  about: 'report a lease of a customer',
  ownerMay: false,
  fields: z.strictObject({ lease, dryRun: dryRun() }),
  target: order => order.lease.prefix,
})
