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
    .describe('Who may tell us'),
  answer: z
    .boolean()
    .default(true)
    .describe('false: somebody else answers the access servers, and we get a copy'),
  realm: realm.describe('Address space of the addresses told'),
  subscriber: z
    .enum(['user-name', 'class', 'calling-station-id'])
    .default('user-name')
    .describe('Which attribute names the customer: by number, or by a login'),
  interim: duration('10m', '0s', '1d').describe(
    'How often access servers send updates; 0s when they do not. After two and a half of them without one a lease is over, unless its whole server is silent',
  ),
})

export const radiusSchema = {
  radius: radius
    .optional()
    .describe('Takes RADIUS accounting: who has which address, as the access servers know it'),
}
