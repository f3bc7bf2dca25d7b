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
    name: driverName.default('nftables').describe('What it is called in logs and on screens'),
    command: z
      .array(line(1000))
      .min(1)
      .default(['nft'])
      .describe('Program and arguments that are nft there, such as [ssh, root@edge1, nft]'),
    realm: realm.describe('Address space of the addresses this router sees'),
    consumers: z
      .array(prefix)
      .default([])
      .describe('Prefixes whose port 25 is closed unless something else is said'),
    servers: z
      .array(prefix)
      .default([])
      .describe(
        'Mail servers of yours: their port 25 stays open for everybody, and is never redirected',
      ),
    lengths4: z.array(length(32)).default([32]).describe('Lengths of the IPv4 prefixes you lease'),
    lengths6: z
      .array(length(128))
      .default([48, 56, 64, 128])
      .describe('Lengths of the IPv6 prefixes you lease'),
    redirect25: z
      .enum(['same-server', 'our-server'])
      .default('same-server')
      .describe(
        'Where port 25 of a suspect leads: to port 587 of the server they wanted, or to the listener named in redirectTo',
      ),
    redirectTo: z
      .strictObject({
        addresses: z.array(address).default([]).describe('One for IPv4, one for IPv6'),
        port: serverPort.default(587).describe('Port of the redirected listener'),
      })
      .prefault({})
      .describe('With our-server: our listener of kind redirected'),
    noticePage: z
      .strictObject({
        addresses: z.array(address).default([]).describe('One for IPv4, one for IPv6'),
        port: serverPort.default(80).describe('Port of the page'),
      })
      .prefault({})
      .describe('Where port 80 of an isolated line leads; nowhere without an address'),
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
      .describe('Ports that are closed for consumers, both ways'),
    expertRate: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(600)
      .describe(
        'New sessions an hour on port 25 from one line whose port is open; the customer agrees to it, and more are refused for a while',
      ),
    logGroup: z
      .int()
      .min(0)
      .max(65_535)
      .default(25)
      .describe('Group of the log (NFLOG) for ulogd2'),
  })
  .refine(given => given.redirect25 === 'same-server' || given.redirectTo.addresses.length > 0, {
    path: ['redirectTo', 'addresses'],
    error: 'Write the addresses of your redirected listener',
  })

export const nftablesSchema = {
  nftables: z
    .array(nftables)
    .default([])
    .describe('Linux routers whose sets Cordon fills; `cordon router table` prints what they load'),
}
