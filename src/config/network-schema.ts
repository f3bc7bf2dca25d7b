// The access network: who has which address, who tells, and which routers do something about it.

import { z } from 'zod'
import { whoSchema } from './who-schema.ts'
import { duration, line, mailAddress, prefix, signedPost, text } from './fields.ts'
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
            name: line(64).describe('What it is called'),
            prefixes: z.array(prefix).min(1).describe('Part of the consumers of `nftables`'),
            date: text(
              'Write a date, such as 2026-12-15',
              value => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)),
            ).describe('From then on it may be closed; customers are told'),
          }),
        )
        .default([])
        .describe('Until a part is started its port 25 is open, and only told of'),
    })
    .prefault({})
    .describe('Closing port 25 for a network that has it open, in parts'),
  optOut: z
    .strictObject({
      hook: z
        .strictObject(signedPost)
        .optional()
        .describe(
          'Told when a port is opened or closed on a customer’s wish (billing), and whose reverse DNS is to be set',
        ),
    })
    .prefault({})
    .describe('Port 25 on a customer’s own wish, in the portal'),
  traps: z
    .array(mailAddress)
    .default([])
    .describe(
      'Mail addresses that nobody was ever given: one of your customers who writes to two as to a list sends spam; else it may be an outsider’s doing. Those of your domains are mailboxes, too',
    ),
  leaseSkew: duration('2s', '0s', '1h').describe(
    'Clocks of access servers and ours may differ by so much: what happened so close to a change of hands is nobody’s for certain',
  ),
  leaseHistory: duration('30d', '1h', '3650d').describe(
    'Past leases are kept so long, for `cordon who`',
  ),
}
