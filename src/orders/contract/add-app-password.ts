// A password for one mail program. The outcome has the secret in it.

import { z } from 'zod'
import { SCOPES } from '../../model/app-password.ts'
import { contract } from './contract.ts'
import { line, login } from './fields.ts'

const ADVICE = `Please say what it may do: ${SCOPES.join(', ')}.`

export const addAppPassword = contract({
  kind: 'add-app-password',
  about: 'create an app password; it is shown once',
  ownerMay: true,
  fields: z.strictObject({
    login,
    label: line('Please say for what it is: the name of the device or program.', 80),
    scopes: z
      .array(z.enum(SCOPES, { error: ADVICE }), { error: ADVICE })
      .min(1, { error: ADVICE })
      .max(SCOPES.length, { error: ADVICE })
      .readonly(),
  }),
  target: order => order.login,
  form: given => {
    const ticked = SCOPES.filter(scope => given[scope] !== undefined)
    const rest = Object.entries(given).filter(([name]) => !SCOPES.some(scope => scope === name))
    return { ...Object.fromEntries(rest), scopes: ticked }
  },
})
