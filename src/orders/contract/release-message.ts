// A message that is held goes on its way.

import { z } from 'zod'
import { contract } from './contract.ts'
import { factor, id } from './fields.ts'

export const releaseMessage = contract({
  kind: 'release-message',
  about: 'send a held message',
  ownerMay: true,
  fields: z.strictObject({
    message: id('a held message'),
    /** Of an owner: what waits for its window is sent with it alone. */
    factor: z.exactOptional(factor),
  }),
  target: order => order.message,
  censor: ({ factor: code }) => (code === undefined ? {} : { factor: '' }),
})
