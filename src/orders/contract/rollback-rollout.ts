// Rollback: port 25 of a part of the network is opened again.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, line } from './fields.ts'

export const rollbackRollout = contract({
  kind: 'rollback-rollout',
  about: 'open port 25 in a part again',
  ownerMay: false,
  fields: z.strictObject({ part: line('Write the name of a part.', 64), dryRun: dryRun() }),
  target: order => order.part,
})
