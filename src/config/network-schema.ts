// The access network: which customer has which address, which tellers tell, and which routers do something about it.

import { z } from 'zod'
import { whoSchema } from './who-schema.ts'
import { duration, line, mailAddress, prefix, signedPost, text } from './fields.ts'
import { parseDay } from '../model/time.ts'
import { routersSchema } from './routers-schema.ts'
import { sensorsSchema } from './sensors-schema.ts'

export const networkSchema = {
  ...whoSchema,
  ...sensorsSchema,
  ...routersSchema,
  rollout: z
    .strictObject({
      parts: z
        .array(
          z.strictObject({
            name: line(64).describe('Name of the part'),
            prefixes: z
              .array(prefix)
              .min(1)
              .describe('Prefixes of this part, among the consumers of `nftables`'),
            date: text(
              'Write a date, such as 2026-12-15',
              value => parseDay(value) !== undefined,
            ).describe('Date from which port 25 of the part may be closed; customers are told it'),
          }),
        )
        .default([])
        .describe(
          'Parts of the network. Until a part is started, its port 25 is open and its connections are logged',
        ),
    })
    .prefault({})
    .describe('Rollout: closing port 25 for a network that has it open, part by part'),
  optOut: z
    .strictObject({
      hook: z
        .strictObject(signedPost)
        .optional()
        .describe(
          'Webhook for opened and closed ports (billing), and for reverse DNS that must be set; none without it',
        ),
    })
    .prefault({})
    .describe('Opt-out: port 25 of a consumer, opened by the consumer in the portal'),
  traps: z
    .array(mailAddress)
    .default([])
    .describe(
      'Mail addresses that belong to no person. A customer who writes to two of them as to a list sends spam; a single message may have been provoked by an outsider. Those in your domains are mailboxes, too',
    ),
  leaseSkew: duration('2s', '0s', '1h').describe(
    'Largest difference between the clocks of access servers and of Cordon: an event this close to a change of lease is ambiguous',
  ),
  leaseHistory: duration('30d', '1h', '3650d').describe(
    'Time that past leases are kept for `cordon who`',
  ),
}
