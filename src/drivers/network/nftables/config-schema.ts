// What the configuration may say of Linux routers.

import { z } from 'zod'
import { address, driverName, line, prefix, realm, serverPort } from '../../../config/fields.ts'

const length = (most: number) =>
  z
    .int({ error: `Write a length of prefix, 8 to ${most}` })
    .min(8)
    .max(most)

const nftables = z
  .strictObject({
    name: driverName.default('nftables').describe('Name in logs and on screens'),
    command: z
      .array(line(1000))
      .min(1)
      .default(['nft'])
      .describe('Program and arguments that run nft on the router, such as [ssh, root@edge1, nft]'),
    realm: realm.describe('Address space of the addresses this router sees'),
    consumers: z
      .array(prefix)
      .default([])
      .describe('Prefixes whose port 25 is closed, unless an opt-out or a plan opens it'),
    servers: z
      .array(prefix)
      .default([])
      .describe(
        'Your own mail servers: port 25 to them stays open for all lines, and is never redirected',
      ),
    prefixLengths4: z
      .array(length(32))
      .default([32])
      .describe('Lengths of the IPv4 prefixes that are leased'),
    prefixLengths6: z
      .array(length(128))
      .default([48, 56, 64, 128])
      .describe('Lengths of the IPv6 prefixes that are leased'),
    redirect25: z
      .enum(['same-server', 'our-server'])
      .default('same-server')
      .describe(
        'Target of redirect-25. same-server: port 587 of the server that the client asked for · our-server: the listener in redirectTo',
      ),
    redirectTo: z
      .strictObject({
        addresses: z.array(address).default([]).describe('At most one IPv4 and one IPv6 address'),
        port: serverPort.default(587).describe('Port of the redirected listener'),
      })
      .prefault({})
      .describe('With our-server: the listener of kind redirected'),
    noticePage: z
      .strictObject({
        addresses: z.array(address).default([]).describe('At most one IPv4 and one IPv6 address'),
        port: serverPort.default(80).describe('Port of the page'),
      })
      .prefault({})
      .describe(
        'Walled garden: notice page that port 80 of an isolated line leads to; none without an address',
      ),
    wormPorts: z
      .array(
        z.coerce
          .string()
          .max(11)
          .refine(value => /^\d{1,5}(?:-\d{1,5})?$/.test(value), {
            error: 'Write a port or a range, such as 445 or 137-139',
          }),
      )
      .default([])
      .describe(
        'Ports and ranges that are closed for consumers in both directions; none when empty',
      ),
    expertRate: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(600)
      .describe(
        'New sessions in an hour on port 25 from one line whose port is open; further ones are refused until the rate is below it',
      ),
    logGroup: z
      .int()
      .min(0)
      .max(65_535)
      .default(25)
      .describe('Group of the log (NFLOG) that ulogd2 reads'),
  })
  .refine(given => given.redirect25 === 'same-server' || given.redirectTo.addresses.length > 0, {
    path: ['redirectTo', 'addresses'],
    error: 'Write the addresses of your redirected listener',
  })

export const nftablesSchema = {
  nftables: z
    .array(nftables)
    .default([])
    .describe(
      'Linux routers whose nftables sets Cordon fills; `cordon router table` prints the table that they load',
    ),
}
