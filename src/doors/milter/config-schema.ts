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
      clients: z
        .array(address)
        .default(['127.0.0.1', '::1'])
        .describe('Addresses that may connect'),
      listener: z
        .enum(LISTENERS)
        .default('inbound')
        .describe('Listener kind of clients without a login; clients with one are submission'),
      skipRules: z
        .array(ruleName)
        .default(['relay', 'recipient-exists', 'login-required', 'sender-belongs'])
        .describe(
          'Rules that are not evaluated, because the mail server knows its own domains, mailboxes and logins',
        ),
      realm: realm.describe('Address space of the clients'),
    })
    .optional()
    .describe('Milter for Postfix or Sendmail (smtpd_milters); off without this section'),
}
