// What the configuration may say of access servers that are told of changes.

import { z } from 'zod'
import { address, driverName, line, realm, secret, serverPort } from '../../../config/fields.ts'

const attributes = z
  .array(
    z.strictObject({
      attribute: z.coerce
        .string()
        .max(16)
        .refine(value => /^\d{1,3}$|^\d{1,8}\.\d{1,3}$/.test(value), {
          error:
            'Write the number of an attribute, such as 11 (Filter-Id), or VENDOR.NUMBER, such as 14988.19',
        })
        .describe(
          'Number of the attribute, such as 11 for Filter-Id; VENDOR.NUMBER in quotes for a vendor’s',
        ),
      value: line(247).describe('Value of the attribute, as text'),
    }),
  )
  .default([])

const radiusCoa = z.strictObject({
  name: driverName.default('radius-coa').describe('Name in logs and on screens'),
  realm: realm.describe('Address space of the leases'),
  servers: z
    .array(
      z.strictObject({
        nas: line(253).describe('NAS-IP-Address or NAS-Identifier, as RADIUS accounting sends it'),
        address: address.describe('Address that takes CoA requests'),
        port: serverPort.default(3799).describe('Port (UDP)'),
        secret: secret.describe('Shared secret'),
      }),
    )
    .describe('Access servers'),
  perSecond: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('Requests a second to one access server'),
  disconnect: z
    .array(z.enum(['isolated', 'redirect-25', 'open', 'normal']))
    .default([])
    .describe(
      'States for which a Disconnect is sent instead of a CoA: your RADIUS server gives the new session its attributes; none when empty',
    ),
  isolated: attributes.describe('Attributes of an isolated session'),
  redirected: attributes.describe('Attributes of a session whose port 25 is redirected'),
  open: attributes.describe('Attributes of a session whose port 25 is open'),
  normal: attributes.describe('Attributes of a session without a restriction'),
})

export const radiusCoaSchema = {
  radiusCoa: z.array(radiusCoa).default([]).describe('Access servers with RADIUS CoA (RFC 5176)'),
}
