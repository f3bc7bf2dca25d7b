// What the configuration may say of the IMAP gateway.

import { z } from 'zod'
import { backEnd, gatewayListeners, line, proxyHeader, tokens } from '../../config/fields.ts'

/** Names of folders in as many languages as customers speak. */
const MAX_FOLDERS = 20

export const imapSchema = {
  imap: z
    .strictObject({
      listeners: gatewayListeners(993),
      backEnd: backEnd('imap'),
      proxyHeader,
      tokens,
      sendFolders: z
        .array(line(200))
        .max(MAX_FOLDERS, { error: `Write at most ${MAX_FOLDERS} names` })
        .default([])
        .describe(
          'Send folders: a message that is put into one is sent. Write whole names, one for each language; when empty nothing is sent over IMAP. Not Outbox: mail programs use that name themselves',
        ),
      sentFolder: line(200)
        .default('Sent')
        .describe('Folder of the back end in which a copy of what was sent is filed'),
    })
    .optional()
    .describe('IMAP gateway in front of another IMAP server; off without this section'),
}
