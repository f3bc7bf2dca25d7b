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
        .describe('Its number, such as 11 for Filter-Id; of a vendor VENDOR.NUMBER, in quotes'),
      value: line(247).describe('Its text'),
    }),
  )
  .default([])

const radiusCoa = z.strictObject({
  name: driverName.default('radius-coa').describe('What it is called in logs and on screens'),
  realm: realm.describe('Address space of the leases'),
  servers: z
    .array(
      z.strictObject({
        nas: line(253).describe('Its NAS-IP-Address or NAS-Identifier, as accounting tells it'),
        address: address.describe('Where it takes requests'),
        port: serverPort.default(3799).describe('Port (UDP)'),
        secret: secret.describe('Shared secret'),
      }),
    )
    .describe('The access servers'),
  perSecond: z.int().min(1).max(1000).default(20).describe('Requests to one of them'),
  disconnect: z
    .array(z.enum(['isolated', 'redirect-25', 'open', 'normal']))
    .default([])
    .describe(
      'States for which a session is ended instead (Disconnect): it gets what it is to be given from your RADIUS server when it comes again',
    ),
  isolated: attributes.describe('What an isolated session is given'),
  redirected: attributes.describe('What one is given whose port 25 is redirected'),
  open: attributes.describe('What an expert’s session is given'),
  normal: attributes.describe('What a session is given when nothing is decided any more'),
})

export const radiusCoaSchema = {
  radiusCoa: z
    .array(radiusCoa)
    .default([])
    .describe('Access servers that change a session when they are told (RADIUS CoA)'),
}
