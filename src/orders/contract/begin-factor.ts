// A second factor is begun: the outcome has the secret in it. It is good after its first code.

import { z } from 'zod'
import { contract } from './contract.ts'

export const beginFactor = contract({
  kind: 'begin-factor',
  about: 'begin to set up a second factor',
  ownerMay: true,
  staffMay: false,
  fields: z.strictObject({}),
  target: () => 'own line',
})
