// Attempts the delivery of every deferred message now.

import { z } from 'zod'
import { contract } from './contract.ts'

export const flushQueue = contract({
  kind: 'flush-queue',
  about: 'attempt the delivery of every queued message now',
  ownerMay: false,
  fields: z.strictObject({}),
  target: () => 'the queue',
})
