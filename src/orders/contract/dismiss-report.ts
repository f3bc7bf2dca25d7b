// A report of abuse was unfounded: its reporter says less from then on.

import { z } from 'zod'
import { contract } from './contract.ts'
import { line } from './fields.ts'

export const dismissReport = contract({
  kind: 'dismiss-report',
  about: 'mark a report of abuse as unfounded',
  ownerMay: false,
  fields: z.strictObject({ id: line('Write the id of a report.', 64) }),
  target: ({ id }) => id,
})
