// What the configuration may say of SMTP listeners.

import { z } from 'zod'
import { address, line, port, realm } from '../../config/fields.ts'
import { LISTENERS } from '../../model/step.ts'

const listener = z.strictObject({
  kind: z
    .enum(LISTENERS)
    .describe(
      'submission: people with a password · trusted-network: own lines without one · inbound: mail from outside · redirected: where port 25 of a suspect lands',
    ),
  name: line(255)
    .optional()
    .describe(
      'FileDescriptorName of the systemd socket that is this listener; the kind, where it has none',
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
    .describe('Relays whose PROXY header is believed, and demanded'),
  trustedXclient: z
    .array(address)
    .default([])
    .describe('Servers in front of this one that may say on whose behalf they speak (XCLIENT)'),
  bareNewlines: z
    .enum(['refuse', 'repair'])
    .optional()
    .describe(
      'A message with a bare CR or LF: refuse it, or turn them into CR LF; without this, inbound refuses and the others repair',
    ),
  realm: realm.describe(
    'Address space of the clients; carrier-grade NAT inside addresses have one per gateway',
  ),
})

export const smtpSchema = {
  listeners: z.array(listener).default([]).describe('SMTP listeners'),
}
