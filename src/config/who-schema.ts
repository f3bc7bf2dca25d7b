// Who is who on the access network: customers as the provider's own systems know them, and addresses that many homes share.

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
        inside: prefix.describe('The addresses behind it, such as 100.64.0.0/16'),
        outside: z
          .array(prefix)
          .min(1)
          .describe('The addresses they appear with, one after the other'),
        firstPort: serverPort.default(1024).describe('First port that is given out'),
        lastPort: serverPort.default(65_535).describe('Last port that is given out'),
        portsEach: serverPort.describe('Ports of each inside address, one block after the other'),
      })
      .refine(given => given.lastPort - given.firstPort + 1 >= given.portsEach, {
        path: ['portsEach'],
        error: 'Write no more ports than there are between firstPort and lastPort',
      }),
  )
  .default([])
  .describe(
    'Addresses that many homes share by arithmetic (RFC 7422): address and port say who it was',
  )

const subscriberFeed = z
  .strictObject({
    csv: path
      .optional()
      .describe('A file: id,plan,flags,language,contacts,logins; lists with spaces between'),
    http: z
      .strictObject({
        url: httpsAddress.describe('Gives a JSON list of customers, as `subscribers` has them'),
        authorization: line(4000)
          .optional()
          .describe('Sent as the Authorization header, such as Bearer …'),
      })
      .optional()
      .describe('An address that gives them'),
    ldap: z
      .strictObject({
        url: ldapAddress.describe('The directory server'),
        startTls: z.boolean().default(true).describe('With ldap://: STARTTLS, always'),
        certificate: path
          .optional()
          .describe('PEM file of certificates that are believed instead of the usual authorities'),
        bindDn: line(1000).optional().describe('Who searches'),
        password: secret.optional().describe('Its password'),
        base: line(1000).describe('Where to search'),
        filter: line(1000).describe('For what, such as (objectClass=customer)'),
        attributes: z
          .partialRecord(
            z.enum(['id', 'plan', 'flags', 'language', 'contacts', 'logins']),
            line(255),
          )
          .describe('Which attribute is what: { id: uid, logins: mail, … }'),
      })
      .refine(isSealed, {
        error: 'Customers must not travel in clear: leave startTls on, or write ldaps://',
      })
      .optional()
      .describe('A directory that knows them'),
    every: duration('1h', '1s', '7d').describe('Read so often'),
  })
  .refine(
    given => [given.csv, given.http, given.ldap].filter(one => one !== undefined).length === 1,
    {
      error: 'Write one of csv, http and ldap',
    },
  )
  .optional()
  .describe(
    'Customers as your own systems know them: only differences are taken over, and none when too many plans would change',
  )

export const whoSchema = { subscriberFeed, sharedAddresses }
