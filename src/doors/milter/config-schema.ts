// What the configuration may say of the milter.

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
  text,
  webmail,
} from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

const MAX_FIELD_NAME = 60

export const milterSchema = {
  milter: z
    .strictObject({
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: port.default(10032).describe('Port to listen on'),
      socket,
      clients,
      listener: z
        .enum(LISTENERS)
        .default('inbound')
        .describe('Listener kind of clients without a login; clients with one are submission'),
      mynetworks,
      webmail,
      webmailHeader: text(
        'Write the name of a header field, such as X-Originating-IP',
        value => /^[A-Za-z0-9-]+$/.test(value),
        MAX_FIELD_NAME,
      )
        .optional()
        .describe(
          'Header field in which hosts of `webmail` name the address of their user, such as X-Originating-IP; from other clients the field is ignored',
        ),
      skipRules: z
        .array(ruleName)
        .default(ITS_OWN_RULES)
        .describe(
          'Rules that are not evaluated, because the mail server knows its own domains, mailboxes and logins',
        ),
      realm: realm.describe('Address space of the clients'),
    })
    .optional()
    .describe('Milter for Postfix or Sendmail (smtpd_milters); off without this section'),
}
