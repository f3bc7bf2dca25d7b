// A device is lost: the password for its mail program is good no longer, all others are.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id } from './fields.ts'

export const removeAppPassword = contract({
  kind: 'remove-app-password',
  about: 'delete an app password',
  ownerMay: true,
  fields: z.strictObject({ id: id('an app password') }),
  target: order => order.id,
})
