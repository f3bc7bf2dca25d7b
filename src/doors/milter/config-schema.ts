// What the configuration may say of the milter.

import { z } from 'zod'
import { address, port, prefix, realm, ruleName, socketPath, text } from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

const MAX_FIELD_NAME = 60

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
      webmailHeader: text(
        'Write the name of a header field, such as X-Originating-IP',
        value => /^[A-Za-z0-9-]+$/.test(value),
        MAX_FIELD_NAME,
      )
        .optional()
        .describe(
          'Header field in which hosts of `webmail` say the address of their user, such as X-Originating-IP; of anybody else it is not believed',
        ),
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
