// What the configuration may say of the policy service (Postfix asks).

import { z } from 'zod'
import { address, port, prefix, realm, ruleName, socketPath } from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

export const policyServiceSchema = {
  policyService: z
    .strictObject({
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: port.default(10031).describe('Port to listen on'),
      socket: socketPath.optional().describe('Unix socket, instead of address and port'),
      clients: z
        .array(address)
        .default(['127.0.0.1', '::1'])
        .describe('Addresses that may connect'),
      listener: z
        .enum(LISTENERS)
        .default('inbound')
        .describe('Listener kind of clients without a SASL login; clients with one are submission'),
      mynetworks: z
        .array(prefix)
        .default([])
        .describe(
          'Networks of your own that send without a login (Postfix’s mynetworks): trusted-network, whatever `listener` says',
        ),
      webmail: z
        .array(address)
        .default([])
        .describe(
          'Hosts from which many people log in, such as a webmail: where they are says nothing of where these people are',
        ),
      countAt: z
        .enum(['rcpt', 'end-of-message'])
        .default('rcpt')
        .describe(
          'Stage at which mail is counted; end-of-message if Postfix also asks in smtpd_end_of_data_restrictions',
        ),
      skipRules: z
        .array(ruleName)
        .default(['relay', 'recipient-exists', 'login-required', 'sender-belongs'])
        .describe(
          'Rules that are not evaluated, because Postfix knows its own domains, mailboxes and logins',
        ),
      realm: realm.describe('Address space of the clients'),
    })
    .optional()
    .describe('Policy service for Postfix (check_policy_service); off without this section'),
}
