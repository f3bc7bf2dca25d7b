// What the configuration may say of RADIUS accounting.

import { z } from 'zod'
import {
  address,
  anyRealm,
  duration,
  line,
  path,
  realm,
  secret,
  udpPort,
} from '../../config/fields.ts'

const radius = z.strictObject({
  address: address.default('0.0.0.0').describe('Address to listen on'),
  port: udpPort.default(1813).describe('Port (UDP)'),
  clients: z
    .array(
      z.strictObject({
        address: address.describe('Address of the access server, or of the proxy in front'),
        secret: secret.describe('Shared secret'),
        realm: anyRealm
          .optional()
          .describe('Address space of what its access servers give out; `radius.realm` without it'),
        nas: z
          .array(
            z.strictObject({
              name: line(253).describe(
                'Its NAS-IP-Address, NAS-IPv6-Address or else NAS-Identifier, as it gives itself',
              ),
              realm: anyRealm.optional().describe('Address space of what it gives out'),
            }),
          )
          .default([])
          .describe(
            'Access servers that this client speaks for; without any, itself and those that are no other client’s',
          ),
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
    .enum(['user-name', 'class', 'calling-station-id', 'nas-port-id', 'circuit-id', 'remote-id'])
    .default('user-name')
    .describe(
      'Attribute with the customer number, a login, or a key of `radius.customers`; circuit-id and remote-id are those of the line (RFC 4679)',
    ),
  customers: path
    .optional()
    .describe(
      'CSV of KEY,CUSTOMER, read again when it changes: what that attribute says, and whose it is',
    ),
  stripRealms: z
    .array(line(253))
    .default([])
    .describe(
      'Realms that are cut off a name before it is looked up: isp.example of anna@isp.example or isp.example/anna; * for any',
    ),
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
