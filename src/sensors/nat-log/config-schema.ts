// What the configuration may say of the log of a carrier-grade NAT.

import { z } from 'zod'
import { address, port, realm, text } from '../../config/fields.ts'

const block = (what: string, standard: string) =>
  text('Write a line with {inside}, {outside}, {first} and {last} in it', value =>
    ['{inside}', '{outside}', '{first}', '{last}'].every(field => value.includes(field)),
  )
    .default(standard)
    .describe(what)

const natLog = z
  .strictObject({
    address: address.default('0.0.0.0').describe('Address to listen on'),
    port: port.default(5514).describe('Port (UDP) for syslog'),
    sources: z.array(address).min(1).describe('Addresses of the NATs that may send'),
    realm: realm.describe('Address space of the outside addresses'),
    insideRealm: realm.describe('Address space of the inside addresses'),
    given: block(
      'Log line of an allocated block of ports; the default is Juniper’s',
      'JSERVICES_NAT_PORT_BLOCK_ALLOC: {inside} -> {outside}:{first}-{last}',
    ),
    taken: block(
      'Log line of a released block of ports',
      'JSERVICES_NAT_PORT_BLOCK_RELEASE: {inside} -> {outside}:{first}-{last}',
    ),
  })
  .optional()
  .describe('Log of a carrier-grade NAT that allocates blocks of ports; off without this section')

export const natLogSchema = {
  natLog,
}
