// Customers on the access network, as the provider's own systems know them, and addresses that many homes share.

import { z } from 'zod'
import {
  duration,
  prefix,
  httpsAddress,
  isSealed,
  ldapAddress,
  line,
  path,
  realm,
  secret,
  serverPort,
} from './fields.ts'

const sharedAddresses = z
  .array(
    z
      .strictObject({
        realm: realm.describe('Address space of the outside addresses'),
        insideRealm: realm.describe(
          'Address space of the inside addresses: their leases are of this one',
        ),
        inside: prefix.describe('Inside addresses, such as 100.64.0.0/16'),
        outside: z
          .array(prefix)
          .min(1)
          .describe('Outside addresses, in the order in which the NAT uses them'),
        firstPort: serverPort.default(1024).describe('First port of the NAT’s range'),
        lastPort: serverPort.default(65_535).describe('Last port of the NAT’s range'),
        portsEach: serverPort.describe('Number of ports of each inside address'),
      })
      .refine(given => given.lastPort - given.firstPort + 1 >= given.portsEach, {
        path: ['portsEach'],
        error: 'Write no more ports than there are between firstPort and lastPort',
      }),
  )
  .default([])
  .describe(
    'Deterministic carrier-grade NAT (RFC 7422): outside address and port name the inside address',
  )

const subscriberFeed = z
  .strictObject({
    csv: path
      .optional()
      .describe(
        'CSV file with the columns id,plan,flags,language,contacts,logins; entries of a list are separated by spaces',
      ),
    http: z
      .strictObject({
        url: httpsAddress.describe('URL of a JSON list of customers, in the form of `subscribers`'),
        authorization: line(4000)
          .optional()
          .describe('Sent as the Authorization header, such as Bearer …'),
      })
      .optional()
      .describe('HTTP source of customers'),
    ldap: z
      .strictObject({
        url: ldapAddress.describe('The directory server'),
        startTls: z
          .boolean()
          .default(true)
          .describe('STARTTLS with ldap://; a server without it is not used'),
        certificate: path
          .optional()
          .describe(
            'PEM file of the certificate authorities that are trusted instead of those of the system',
          ),
        bindDn: line(1000)
          .optional()
          .describe('DN to bind with for the search; anonymous without it'),
        password: secret.optional().describe('Password of `bindDn`'),
        base: line(1000).describe('Base DN of the search'),
        filter: line(1000).describe('Filter of the search, such as (objectClass=customer)'),
        attributes: z
          .partialRecord(
            z.enum(['id', 'plan', 'flags', 'language', 'contacts', 'logins']),
            line(255),
          )
          .describe('Which LDAP attribute has which field: { id: uid, logins: mail, … }'),
      })
      .refine(isSealed, {
        error: 'Customers must not travel in clear: leave startTls on, or write ldaps://',
      })
      .optional()
      .describe('LDAP directory of customers'),
    every: duration('1h', '1s', '7d').describe('Time from one read to the next'),
  })
  .refine(
    given => [given.csv, given.http, given.ldap].filter(one => one !== undefined).length === 1,
    {
      error: 'Write one of csv, http and ldap',
    },
  )
  .optional()
  .describe(
    'Feed of customers from your own systems. Only differences are applied, and none when too many plans would change',
  )

export const whoSchema = { subscriberFeed, sharedAddresses }
