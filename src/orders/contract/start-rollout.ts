// Port 25 of a part of the network is closed, at its date; earlier or untold only with a reason.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, line } from './fields.ts'

export const startRollout = contract({
  kind: 'start-rollout',
  about: 'close port 25 in a part, at its date',
  ownerMay: false,
  fields: z.strictObject({
    part: line('Write the name of a part.', 64),
    despite: z.exactOptional(line('Write why it is closed all the same.', 500)),
    dryRun: dryRun(),
  }),
  target: ({ part }) => part,
})
