// What mail programs are told: which servers a customer reads and sends with.

import { z } from 'zod'
import { domain, httpsAddress, serverPort } from './fields.ts'

const tls = z
  .enum(['implicit', 'starttls'])
  .default('implicit')
  .describe('implicit: TLS from the first byte · starttls: the program insists on STARTTLS')

const submissionPort = serverPort.refine(value => value !== 25, {
  error: 'Write another port than 25: no mail program submits there',
})

export const clientSetupSchema = z
  .strictObject({
    web: domain
      .optional()
      .describe(
        'Name of the host that answers mail programs over HTTPS, for the records of the zone; default: hostname',
      ),
    imap: z
      .strictObject({
        host: domain.describe('Name of the IMAP server, as in its certificate'),
        port: serverPort.default(993).describe('TCP port of the server'),
        tls,
      })
      .optional()
      .describe('IMAP server that customers read with. Default: that of `imap.listeners`, if any'),
    pop3: z
      .strictObject({
        host: domain.describe('Name of the POP3 server, as in its certificate'),
        port: serverPort.default(995).describe('TCP port of the server'),
        tls,
      })
      .optional()
      .describe('POP3 server that customers read with, named after IMAP'),
    smtp: z
      .strictObject({
        host: domain.optional().describe('Name of the server; default: hostname'),
        implicit: submissionPort
          .optional()
          .describe('TCP port with TLS from the first byte, offered first'),
        starttls: submissionPort.optional().describe('TCP port with STARTTLS, offered second'),
      })
      .prefault({})
      .describe(
        'Submission server. Without ports those of the submission listeners are offered; without such listeners 465 and 587',
      ),
    help: httpsAddress
      .optional()
      .describe('Page of yours about mail programs, which some of them link'),
  })
  .prefault({})
  .describe(
    'What mail programs are told about your servers (`http.clientSetup`); the login is the mail address',
  )
