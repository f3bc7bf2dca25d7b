// What the configuration may say of the log of a carrier-grade NAT.

import { z } from 'zod'
import { address, anyRealm, realm, text, udpPort } from '../../config/fields.ts'

const FIELDS = ['{inside}', '{outside}', '{first}']
const line = text(
  'Write a line with {inside}, {outside}, {first} and {last} (or {count}) in it; {any} is any word',
  value =>
    FIELDS.every(field => value.includes(field)) &&
    (value.includes('{last}') || value.includes('{count}')) &&
    ['{inside}', '{outside}', '{first}', '{last}', '{count}'].every(
      field => value.split(field).length <= 2,
    ),
)
/** One line, or several where its versions differ. */
const block = (what: string, standard: string) =>
  z
    .union([line.transform(one => [one]), z.array(line).min(1)])
    .default([standard])
    .describe(what)

const source = z.union([
  address.transform(one => ({ address: one })),
  z.strictObject({
    address: address.describe('Address of the NAT'),
    insideRealm: anyRealm.optional().describe('Address space behind this NAT'),
  }),
])

const natLog = z
  .strictObject({
    address: address.default('0.0.0.0').describe('Address to listen on'),
    port: udpPort.default(5514).describe('Port (UDP) for syslog'),
    sources: z
      .array(source)
      .min(1)
      .describe(
        'Addresses of the NATs that may send; with `insideRealm` where each has its own inside',
      ),
    realm: realm.describe('Address space of the outside addresses'),
    insideRealm: realm.describe('Address space of the inside addresses'),
    allocated: block(
      'Log lines of an allocated block of ports; the default is Juniper’s',
      'JSERVICES_NAT_PORT_BLOCK_ALLOC: {inside} -> {outside}:{first}-{last}',
    ),
    active: block(
      'Log lines of a block that is still allocated (interim logging): they say that no line was lost',
      'JSERVICES_NAT_PORT_BLOCK_ACTIVE: {inside} -> {outside}:{first}-{last}',
    ),
    released: block(
      'Log lines of a released block of ports',
      'JSERVICES_NAT_PORT_BLOCK_RELEASE: {inside} -> {outside}:{first}-{last}',
    ),
  })
  .optional()
  .describe('Log of a carrier-grade NAT that allocates blocks of ports; off without this section')

export const natLogSchema = {
  natLog,
}
