// What the configuration may say of the firewall log.

import { z } from 'zod'
import { address, port, realm } from '../../config/fields.ts'

export const firewallLogSchema = {
  firewallLog: z
    .strictObject({
      address: address.default('127.0.0.1').describe('Address to listen on'),
      port: port.describe('Port to listen on'),
      sources: z.array(address).default(['127.0.0.1']).describe('Routers that may connect'),
      realm: realm.describe('Address space of the addresses in it'),
      antiSpoofed: z
        .boolean()
        .default(false)
        .describe('true: the network drops packets with forged source addresses (BCP 38)'),
    })
    .optional()
    .describe(
      'Log of the router (ulogd2, JSON over TCP): connections to closed ports; off without this section',
    ),
}
