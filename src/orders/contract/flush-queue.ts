// Everything that waits for its next try is tried now.

import { z } from 'zod'
import { contract } from './contract.ts'

export const flushQueue = contract({
  kind: 'flush-queue',
  about: 'try everything now that waits for its next try',
  ownerMay: false,
  fields: z.strictObject({}),
  target: () => 'the queue',
})
