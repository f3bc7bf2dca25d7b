// Customers of a part of the network are told that port 25 will be closed.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, line } from './fields.ts'

export const announceRollout = contract({
  kind: 'announce-rollout',
  about: 'send a letter to every user of port 25 in a part',
  ownerMay: false,
  fields: z.strictObject({ part: line('Write the name of a part.', 64), dryRun: dryRun() }),
  target: order => order.part,
})
