// What the configuration may say of Kea’s leases.

import { z } from 'zod'

export const keaSchema = {
  kea: z
    .strictObject({
      files: z
        .array(z.string())
        .min(1)
        .describe('Its lease files, such as /var/lib/kea/kea-leases4.csv and kea-leases6.csv'),
      customers: z
        .string()
        .describe(
          'CSV of KEY,CUSTOMER: circuit or remote id (option 82), client id, DUID or hardware address, as Kea writes them; read again when it changes',
        ),
      realm: z.string().default('main').describe('Address space of the addresses in them'),
    })
    .optional()
    .describe('Leases of the DHCP server Kea, from its lease files (memfile)'),
}
