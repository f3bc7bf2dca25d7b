// What the configuration may say of SMTP listeners.

import { z } from 'zod'
import { address, line, port, realm } from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

const listener = z.strictObject({
  kind: z
    .enum(LISTENERS)
    .describe(
      'submission: clients with a password · trusted-network: own lines without a password · inbound: mail from outside · redirected: connections of lines with redirect-25',
    ),
  name: line(255)
    .optional()
    .describe(
      'FileDescriptorName of the systemd socket of this listener; by default the kind of the listener',
    ),
  address: address.default('127.0.0.1').describe('Address to listen on; 0.0.0.0 or :: for all'),
  port: port.describe('Port to listen on'),
  tls: z
    .enum(['starttls', 'implicit'])
    .default('starttls')
    .describe('implicit: TLS from the first byte, as on port 465'),
  trustedProxies: z
    .array(address)
    .default([])
    .describe('Proxies that must send a PROXY header, which is trusted; none when empty'),
  trustedXclient: z
    .array(address)
    .default([])
    .describe('Servers that may send XCLIENT; none when empty'),
  bareNewlines: z
    .enum(['reject', 'normalize'])
    .optional()
    .describe(
      'Messages with a bare CR or LF. reject: 554 5.6.0 · normalize: turned into CR LF. Default: inbound rejects, the others normalize',
    ),
  realm: realm.describe(
    'Address space of the clients; carrier-grade NAT inside addresses have one per gateway',
  ),
})

export const smtpSchema = {
  listeners: z.array(listener).default([]).describe('SMTP listeners'),
}
