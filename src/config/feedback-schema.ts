// Reports of abuse: what mail of customers bears for them, and whose reports are believed.

import { z } from 'zod'
import { domain } from './fields.ts'

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
    })
    .prefault({})
    .describe('Reports of abuse that come in'),
}
