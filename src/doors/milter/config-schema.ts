// What the configuration may say of the milter.

import { z } from 'zod'
import { address, port, realm, ruleName, socketPath } from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

export const milterSchema = {
  milter: z
    .strictObject({
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: port.default(10032).describe('Port to listen on'),
      socket: socketPath.optional().describe('Unix socket, instead of address and port'),
      clients: z.array(address).default(['127.0.0.1', '::1']).describe('Who may connect'),
      listener: z
        .enum(LISTENERS)
        .default('inbound')
        .describe('What clients without a login are; with one they are submission'),
      skipRules: z
        .array(ruleName)
        .default(['relay', 'recipient-exists', 'login-required', 'sender-belongs'])
        .describe(
          'Rules that are left to the mail server, which knows its own domains, mailboxes and logins',
        ),
      realm: realm.describe('Address space of the clients'),
    })
    .optional()
    .describe('Looks at the mail of Postfix or Sendmail as it comes in (smtpd_milters)'),
}
