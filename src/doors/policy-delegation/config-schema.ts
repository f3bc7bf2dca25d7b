// What the configuration may say of the policy service (Postfix asks).

import { z } from 'zod'
import {
  address,
  clients,
  ITS_OWN_RULES,
  mynetworks,
  port,
  realm,
  ruleName,
  socket,
  webmail,
} from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

export const policyServiceSchema = {
  policyService: z
    .strictObject({
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: port.default(10031).describe('Port to listen on'),
      socket,
      clients,
      listener: z
        .enum(LISTENERS)
        .default('inbound')
        .describe('Listener kind of clients without a SASL login; clients with one are submission'),
      mynetworks,
      webmail,
      countAt: z
        .enum(['rcpt', 'end-of-message'])
        .default('rcpt')
        .describe(
          'Stage at which mail is counted; end-of-message if Postfix also asks in smtpd_end_of_data_restrictions',
        ),
      skipRules: z
        .array(ruleName)
        .default(ITS_OWN_RULES)
        .describe(
          'Rules that are not evaluated, because Postfix knows its own domains, mailboxes and logins',
        ),
      realm: realm.describe('Address space of the clients'),
    })
    .optional()
    .describe('Policy service for Postfix (check_policy_service); off without this section'),
}
