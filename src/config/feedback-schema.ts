// Reports of abuse: what mail of customers bears for them, and whose reports are believed.

import { z } from 'zod'
import { REPORT_FORMATS } from '../model/sighting.ts'
import { domain, mailAddress, prefix } from './fields.ts'

export const feedbackSchema = {
  feedback: z
    .strictObject({
      reference: z
        .boolean()
        .default(true)
        .describe(
          'Put X-Cordon-Ref into mail of customers: by it a report leads to the message, though the reporter hides addresses and Received lines. It is encrypted with a key of this server and says nothing to others',
        ),
      loops: z
        .array(domain)
        .default([])
        .describe(
          'Domains of feedback loops that you have subscribed to: their reports, if DMARC passes, are evidence about any message or line. Those of others are evidence only about a message that went to their own domain',
        ),
      reports: z
        .array(
          z.strictObject({
            networks: z.array(prefix).min(1).describe('Networks of others'),
            contact: mailAddress.describe(
              'Their abuse contact, as their RIR or they themselves name it',
            ),
            format: z
              .enum(REPORT_FORMATS)
              .default('xarf')
              .describe(
                'xarf: one mail about up to 50 machines; arf: one machine a mail (RFC 5965)',
              ),
          }),
        )
        .default([])
        .describe(
          'Whom Cordon reports to, twice a day at most, when machines of these networks write to traps, hand mail to decoys, send viruses, or send nothing but spam. Take out a contact that asks for no more reports',
        ),
    })
    .prefault({})
    .describe('Reports of abuse: those that come in, and those to others'),
}
