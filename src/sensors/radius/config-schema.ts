// What the configuration may say of RADIUS accounting.

import { z } from 'zod'
import { address, duration, port, realm, secret } from '../../config/fields.ts'

const radius = z.strictObject({
  address: address.default('0.0.0.0').describe('Address to listen on'),
  port: port.default(1813).describe('Port (UDP)'),
  clients: z
    .array(
      z.strictObject({
        address: address.describe('Address of the access server, or of the proxy in front'),
        secret: secret.describe('Shared secret'),
      }),
    )
    .describe('RADIUS clients that may send accounting'),
  answer: z
    .boolean()
    .default(true)
    .describe(
      'true: accounting requests are answered; false: another server answers them, and Cordon gets a copy',
    ),
  realm: realm.describe('Address space of the addresses in accounting'),
  subscriber: z
    .enum(['user-name', 'class', 'calling-station-id'])
    .default('user-name')
    .describe('Attribute with the customer number or a login'),
  interim: duration('10m', '0s', '1d').describe(
    'Interval of interim updates (Acct-Interim-Interval); 0s: none are sent. A lease ends after two and a half intervals without an update, unless its access server sends nothing at all',
  ),
})

export const radiusSchema = {
  radius: radius
    .optional()
    .describe(
      'RADIUS accounting: leases, as the access servers know them; off without this section',
    ),
}
