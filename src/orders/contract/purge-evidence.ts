// Held mail of one customer or login is deleted, and of it only what a case holds or what said enough for infection: nobody's mail is thrown away for whose it
// is, only for what it is.

import { z } from 'zod'
import { contract } from './contract.ts'
import { customer, login } from './fields.ts'

const WHOSE = 'Say whose mail: { "login": … } or { "subscriber": … }.'
/** In nats. */
const LEAST_EVIDENCE = 1
const NATS = `Only mail that says at least ${LEAST_EVIDENCE} nat for infection is deleted so: write a number.`

export const purgeEvidence = contract({
  kind: 'purge-evidence',
  about:
    'delete held mail of a customer or login: what a case holds, or what says enough for infection',
  ownerMay: false,
  fields: z.strictObject({
    of: z.union([z.strictObject({ subscriber: customer }), z.strictObject({ login })], {
      error: WHOSE,
    }),
    /** Without it all that a case holds. */
    minNats: z
      .number({ error: NATS })
      .min(LEAST_EVIDENCE, { error: NATS })
      .max(1000, { error: 'Nothing says more than 1000 nats.' })
      .optional(),
  }),
  target: ({ of }) => ('login' in of ? of.login : of.subscriber),
})
