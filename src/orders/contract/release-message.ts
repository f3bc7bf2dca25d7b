// A message that is held goes on its way.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id } from './fields.ts'

export const releaseMessage = contract({
  kind: 'release-message',
  about: 'send a held message',
  ownerMay: true,
  fields: z.strictObject({ message: id('a held message') }),
  target: order => order.message,
})
