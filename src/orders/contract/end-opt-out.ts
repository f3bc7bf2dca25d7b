// An opt-out ends: port 25 is closed again.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, id } from './fields.ts'

export const endOptOut = contract({
  kind: 'end-opt-out',
  about: 'end an opt-out: close port 25 again',
  ownerMay: true,
  fields: z.strictObject({ id: id('an opt-out'), dryRun: dryRun() }),
  target: order => order.id,
})
