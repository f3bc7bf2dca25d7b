// An address was taken back.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, endingLease } from './fields.ts'

export const closeLease = contract({
  kind: 'close-lease',
  about: 'report that a lease has ended',
  ownerMay: false,
  fields: z.strictObject({ lease: endingLease, dryRun: dryRun() }),
  target: order => order.lease.prefix,
})
