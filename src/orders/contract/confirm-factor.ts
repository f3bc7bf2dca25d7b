// The first code of a second factor that was begun: from now on it is asked for.

import { z } from 'zod'
import { contract } from './contract.ts'
import { factor } from './fields.ts'

export const confirmFactor = contract({
  kind: 'confirm-factor',
  about: 'set up a second factor with its first code',
  ownerMay: true,
  staffMay: false,
  fields: z.strictObject({ factor }),
  target: () => 'own line',
  censor: () => ({ factor: '' }),
})
