// Many leases at once; those with an end are past.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, lease } from './fields.ts'

/** In one order; `cordon lease import` makes several of more. */
export const LEASES_AT_ONCE = 5000
const ADVICE = `Write a list of leases, ${LEASES_AT_ONCE} at most.`

export const importLeases = contract({
  kind: 'import-leases',
  about: 'import many leases',
  ownerMay: false,
  fields: z.strictObject({
    leases: z.array(lease, { error: ADVICE }).max(LEASES_AT_ONCE, { error: ADVICE }).readonly(),
    dryRun: dryRun(),
  }),
  target: ({ leases }) => `${leases.length} leases`,
  // Each of them is written down for itself.
  censor: () => ({ leases: [] }),
  maxBytes: 8 * 1024 * 1024,
})
