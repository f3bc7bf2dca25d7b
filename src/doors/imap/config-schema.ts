// What the configuration may say of the IMAP gateway.

import { z } from 'zod'
import { address, line, port, realm, text } from '../../config/fields.ts'

const BACK_END =
  /^(?:imaps:\/\/[^\s/:@]+(?::\d{1,5})?|imap\+starttls:\/\/[^\s/:@]+(?::\d{1,5})?|imap:\/\/(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d{1,5})?|(?:imaps|imap\+starttls):\/\/\[[0-9a-f:.]+\](?::\d{1,5})?|unix:\/[^\0\s]+)$/i

/** Names of folders in as many languages as customers speak. */
const MAX_FOLDERS = 20

export const imapSchema = {
  imap: z
    .strictObject({
      listeners: z
        .array(
          z.strictObject({
            address: address
              .default('127.0.0.1')
              .describe('Address to listen on; 0.0.0.0 or :: for all'),
            port: port.describe('Port to listen on'),
            tls: z
              .enum(['starttls', 'implicit'])
              .default('starttls')
              .describe('implicit: TLS from the first byte, as on port 993'),
            trustedProxies: z
              .array(address)
              .default([])
              .describe('Proxies that must send a PROXY header, which is trusted; none when empty'),
            realm: realm.describe('Address space of the clients'),
          }),
        )
        .min(1, { error: 'Write at least one listener, such as { port: 993, tls: implicit }' })
        .describe('Where mail programs connect to'),
      backEnd: text(
        'Write imaps://HOST, imap+starttls://HOST, unix:/PATH, or imap://127.0.0.1:PORT: without TLS only on this machine',
        value => BACK_END.test(value),
      ).describe(
        'The IMAP server behind, which knows the passwords and keeps the mail: imaps://HOST, imap+starttls://HOST, each also with :PORT, unix:/PATH, or imap://127.0.0.1:PORT',
      ),
      sendFolders: z
        .array(line(200))
        .max(MAX_FOLDERS, { error: `Write at most ${MAX_FOLDERS} names` })
        .default([])
        .describe(
          'Folders into which a message is put to be sent, each with its whole name, one for each language; when empty nothing is sent over IMAP. Not Outbox: mail programs have one of their own',
        ),
      sentFolder: line(200)
        .default('Sent')
        .describe('Folder of the back end in which a copy of what was sent is filed'),
    })
    .optional()
    .describe('IMAP gateway in front of another IMAP server; off without this section'),
}
