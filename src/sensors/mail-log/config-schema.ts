// What the configuration may say of logs of mail servers.

import { z } from 'zod'
import { path, realm, timeZone } from '../../config/fields.ts'

export const mailLogSchema = {
  mailLog: z
    .array(
      z
        .strictObject({
          file: path
            .optional()
            .describe('The file that the server writes, such as /var/log/mail.log'),
          journal: z
            .boolean()
            .default(false)
            .describe('Instead of a file: the journal of this machine, by `journalctl`'),
          program: z
            .enum(['postfix', 'exim', 'dovecot', 'sendmail', 'opensmtpd'])
            .optional()
            .describe('Only lines of this server'),
          realm: realm.describe('Address space of the addresses in it'),
          zone: timeZone
            .optional()
            .describe(
              'Time zone of stamps that name none; where it is not known, such a line joins no lease, and counts as of when it is read',
            ),
        })
        .refine(one => (one.file === undefined) === one.journal, {
          error: 'Write file or journal, one of them',
        }),
    )
    .min(1)
    .optional()
    .describe(
      'Logs of mail servers, followed as they grow: results of mail that a server beside Cordon asks about, and the mail of one that does not ask',
    ),
}
