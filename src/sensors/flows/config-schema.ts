// What the configuration may say of flow records.

import { z } from 'zod'
import { address, path, prefix, realm, udpPort } from '../../config/fields.ts'

const flows = z
  .strictObject({
    address: address.default('0.0.0.0').describe('Address to listen on'),
    port: udpPort.default(2055).describe('Port (UDP) for NetFlow 5, NetFlow 9 and IPFIX'),
    exporters: z.array(address).min(1).describe('Routers that may send'),
    networks: z
      .array(prefix)
      .default([])
      .describe('Prefixes of your own lines; the consumers of `nftables` when empty'),
    servers: z
      .array(prefix)
      .default([])
      .describe(
        'Your own mail servers, and other servers that all customers use; the servers of `nftables` when empty',
      ),
    realm: realm.describe('Address space of the addresses in it'),
    antiSpoofed: z
      .boolean()
      .default(false)
      .describe(
        'true: the network drops packets with forged source addresses (BCP 38); false: flow records are no evidence',
      ),
    port25: z
      .enum(['open', 'closed'])
      .default('open')
      .describe(
        'closed: port 25 is closed behind the exporter, so a flow without an answer was refused',
      ),
    contacts: z
      .array(path)
      .default([])
      .describe(
        'Files with addresses of command and control servers, as abuse.ch (JSON, CSV) and Spamhaus DROP publish them; read again when they change; none when empty',
      ),
  })
  .optional()
  .describe(
    'Flow records (NetFlow 5, NetFlow 9, IPFIX): scans, command and control, floods; off without this section',
  )

export const flowsSchema = {
  flows,
}
