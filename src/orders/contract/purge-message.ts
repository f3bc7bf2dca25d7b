// A message that is held is deleted.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id } from './fields.ts'

export const purgeMessage = contract({
  kind: 'purge-message',
  about: 'delete a held message',
  ownerMay: true,
  fields: z.strictObject({ message: id('a held message') }),
  target: order => order.message,
})
