// Held mail of one customer or login is deleted, and of it only what a case holds or what said enough for infection: mail is deleted for
// its evidence, never for its sender alone.

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
    'delete held mail of a customer or login: all that a case holds, or only messages with at least `minNats` nats',
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
