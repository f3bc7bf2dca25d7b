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
    sources: z.array(address).min(1).describe('Carrier-grade NATs that may send'),
    realm: realm.describe('Address space of the outside addresses'),
    insideRealm: realm.describe('Address space of the inside addresses'),
    given: block(
      'What a line says when a block of ports is given to a home; Juniper’s words as they come',
      'JSERVICES_NAT_PORT_BLOCK_ALLOC: {inside} -> {outside}:{first}-{last}',
    ),
    taken: block(
      'What it says when the block is taken back',
      'JSERVICES_NAT_PORT_BLOCK_RELEASE: {inside} -> {outside}:{first}-{last}',
    ),
  })
  .optional()
  .describe('Takes the log of a carrier-grade NAT that gives out blocks of ports')

export const natLogSchema = {
  natLog,
}
