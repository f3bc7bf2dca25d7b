// Many leases at once; those with an end are past.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, lease } from './fields.ts'

/** In one order; `cordon lease import` makes several of more. */
export const LEASES_AT_ONCE = 5000
/** Of the leases of an order, so many stand in the audit log. */
const AUDITED = 20
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
  // Each of them is in the journal. The first tell which list it was.
  censor: ({ leases }) => ({ leases: leases.slice(0, AUDITED) }),
  maxBytes: 8 * 1024 * 1024,
})
