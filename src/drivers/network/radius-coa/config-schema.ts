// What the configuration may say of access servers that are told of changes.

import { z } from 'zod'
import { parseIp } from '../../../model/ip.ts'
import { IDENTIFIED_BY, WRITTEN_AS } from './coa-requests.ts'
import { address, driverName, line, realm, secret, serverPort } from '../../../config/fields.ts'

const WRITTEN: Readonly<Record<(typeof WRITTEN_AS)[number], (value: string) => boolean>> = {
  text: () => true,
  integer: value => /^\d{1,10}$/.test(value) && Number(value) <= 0xffffffff,
  address: value => parseIp(value) !== undefined,
  hex: value => /^(?:[\da-fA-F]{2}){1,123}$/.test(value),
}

const attributes = z
  .array(
    z
      .strictObject({
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
        value: line(247).describe('Value of the attribute'),
        as: z
          .enum(WRITTEN_AS)
          .default('text')
          .describe(
            'How the value is written: text · integer (4 bytes) · address · hex (its bytes)',
          ),
      })
      .refine(({ value, as }) => WRITTEN[as](value), {
        path: ['value'],
        error:
          'Write an integer up to 4294967295, an address, or pairs of hexadecimal digits, as `as` says',
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
  identify: z
    .array(z.enum(IDENTIFIED_BY))
    .min(1)
    .default([...IDENTIFIED_BY])
    .describe(
      'What a session is named by: NAS-IP-Address or NAS-Identifier, Acct-Session-Id, User-Name, Framed-IP-Address, Event-Timestamp',
    ),
  messageAuthenticator: z
    .boolean()
    .default(true)
    .describe('Requests have a Message-Authenticator; some access servers refuse one'),
  disconnect: z
    .array(z.enum(['isolated', 'redirect-25', 'open', 'default']))
    .default([])
    .describe(
      'States for which a Disconnect is sent instead of a CoA: your RADIUS server gives the new session its attributes; none when empty',
    ),
  isolated: attributes.describe('Attributes of an isolated session'),
  redirected: attributes.describe('Attributes of a session whose port 25 is redirected'),
  open: attributes.describe('Attributes of a session whose port 25 is open'),
  default: attributes.describe('Attributes of a session without a restriction'),
})

export const radiusCoaSchema = {
  radiusCoa: z.array(radiusCoa).default([]).describe('Access servers with RADIUS CoA (RFC 5176)'),
}
