// What the configuration may say of flow records.

import { z } from 'zod'
import { address, path, port, prefix, realm } from '../../config/fields.ts'

const flows = z
  .strictObject({
    address: address.default('0.0.0.0').describe('Address to listen on'),
    port: port.default(2055).describe('Port (UDP) for NetFlow 5, NetFlow 9 and IPFIX'),
    exporters: z.array(address).min(1).describe('Routers that may send'),
    networks: z
      .array(prefix)
      .default([])
      .describe('Prefixes of your own lines; the consumers of `nftables` without it'),
    servers: z
      .array(prefix)
      .default([])
      .describe(
        'Your own mail servers, and other places everybody goes; those of `nftables` without it',
      ),
    realm: realm.describe('Address space of the addresses in it'),
    antiSpoofed: z
      .boolean()
      .default(false)
      .describe(
        'The network drops packets with foreign source addresses (BCP 38); without it flow records are no evidence',
      ),
    port25: z
      .enum(['open', 'closed'])
      .default('open')
      .describe('closed: port 25 is closed behind the exporter, so what has no answer was refused'),
    contacts: z
      .array(path)
      .default([])
      .describe(
        'Files with addresses that command infected machines, as abuse.ch (JSON, CSV) and Spamhaus DROP publish them; read again when they change',
      ),
  })
  .optional()
  .describe('Takes flow records: who goes where, scans, command and control, floods')

export const flowsSchema = {
  flows,
}
