// An address was taken back.

import { z } from 'zod'
import { contract } from './contract.ts'
import { endingLease } from './fields.ts'

export const closeLease = contract({
  kind: 'close-lease',
  about: 'report that a lease has ended',
  ownerMay: false,
  fields: z.strictObject({ lease: endingLease }),
  target: order => order.lease.prefix,
})
