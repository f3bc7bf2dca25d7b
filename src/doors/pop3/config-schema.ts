// What the configuration may say of the POP3 gateway.

import { z } from 'zod'
import { backEnd, gatewayListeners, proxyHeader, tokens } from '../../config/fields.ts'

export const pop3Schema = {
  pop3: z
    .strictObject({
      listeners: gatewayListeners(995),
      backEnd: backEnd('pop3'),
      proxyHeader,
      tokens,
      sends: z
        .boolean()
        .default(true)
        .describe('Take messages to be sent (XTND XMIT); without it the gateway only reads'),
    })
    .optional()
    .describe('POP3 gateway in front of another POP3 server; off without this section'),
}
