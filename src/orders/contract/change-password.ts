// A new password of a mail account; it ends a stolen one.

import { z } from 'zod'
import { contract } from './contract.ts'
import { login } from './fields.ts'

const ADVICE = 'Please take a password of at least ten characters.'

export const changePassword = contract({
  kind: 'change-password',
  about: 'set a new password of a mail account; unlocks a login that was stopped',
  ownerMay: true,
  fields: z.strictObject({
    login,
    password: z
      .string({ error: ADVICE })
      .min(10, { error: ADVICE })
      .max(1024, { error: 'Please take a password of at most 1024 characters.' }),
  }),
  target: order => order.login,
  censor: () => ({ password: '' }),
})
