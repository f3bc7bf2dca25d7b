// Port 25 is still needed: said once a year, with the second factor.

import { z } from 'zod'
import { contract } from './contract.ts'
import { factor, id } from './fields.ts'

export const renewOptOut = contract({
  kind: 'renew-opt-out',
  about: 'keep port 25 open for another year',
  ownerMay: true,
  staffMay: false,
  fields: z.strictObject({ id: id('an opt-out'), factor }),
  target: order => order.id,
  censor: () => ({ factor: '' }),
})
