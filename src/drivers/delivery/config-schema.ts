// What the configuration may say of delivery to other servers.

import { z } from 'zod'
import { count } from '../../config/fields.ts'

export const deliverySchema = z
  .strictObject({
    atOnce: count(100, 10_000).describe('Concurrent connections to other servers, all together'),
    perDestination: count(20, 10_000).describe(
      'Concurrent connections to one destination; a destination begins with two',
    ),
    dane: z
      .boolean()
      .default(true)
      .describe(
        'DANE (RFC 7672): where TLSA records are signed in the DNS, mail is sent only to a server whose certificate matches them. Needs a resolver on this machine that validates (unbound), among `resolvers` or the system’s; without one nothing changes',
      ),
    mtaSts: z
      .boolean()
      .default(true)
      .describe(
        'MTA-STS (RFC 8461): the policy of a domain is fetched over HTTPS from mta-sts.DOMAIN and kept until it ends; where it says enforce, mail is sent only to a server that it names, with a valid certificate',
      ),
    tlsReports: z
      .boolean()
      .default(true)
      .describe(
        'TLS reports (RFC 8460): domains that ask for them at _smtp._tls.DOMAIN are told once a day, by mail from postmaster@ your first domain, how TLS went with mail to them',
      ),
  })
  .prefault({})
  .describe('Delivery to other servers')
