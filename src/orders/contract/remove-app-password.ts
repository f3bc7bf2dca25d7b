// A device is lost: the password for its mail program is good no longer, all others are.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id } from './fields.ts'

export const removeAppPassword = contract({
  kind: 'remove-app-password',
  about: 'take the password of one mail program back',
  ownerMay: true,
  fields: z.strictObject({ id: id('an app password') }),
  target: order => order.id,
})
