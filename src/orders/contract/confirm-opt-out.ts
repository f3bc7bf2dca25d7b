// The customer types the code of our letter, from their own line: port 25 is opened.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id, line } from './fields.ts'

export const confirmOptOut = contract({
  kind: 'confirm-opt-out',
  about: 'confirm an opt-out with the code of the letter',
  ownerMay: true,
  staffMay: false,
  fields: z.strictObject({
    id: id('an opt-out'),
    proof: line('Type the code of our letter.', 64),
  }),
  target: order => order.id,
  censor: () => ({ proof: '' }),
})
