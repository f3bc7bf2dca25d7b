// What the configuration may say of the policy service (Postfix asks).

import { z } from 'zod'
import { address, port, realm, ruleName, socketPath } from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

export const policyServiceSchema = {
  policyService: z
    .strictObject({
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: port.default(10031).describe('Port to listen on'),
      socket: socketPath.optional().describe('Unix socket, instead of address and port'),
      clients: z.array(address).default(['127.0.0.1', '::1']).describe('Who may ask'),
      listener: z
        .enum(LISTENERS)
        .default('inbound')
        .describe('What clients without a SASL login are; with one they are submission'),
      countAt: z
        .enum(['rcpt', 'end-of-message'])
        .default('rcpt')
        .describe(
          'Where mail is counted; end-of-message when Postfix also asks in smtpd_end_of_data_restrictions',
        ),
      skipRules: z
        .array(ruleName)
        .default(['relay', 'recipient-exists', 'login-required', 'sender-belongs'])
        .describe(
          'Rules that are left to Postfix, which knows its own domains, mailboxes and logins',
        ),
      realm: realm.describe('Address space of the clients'),
    })
    .optional()
    .describe('Answers Postfix (check_policy_service)'),
}
