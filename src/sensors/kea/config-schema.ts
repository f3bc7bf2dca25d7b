// What the configuration may say of Kea’s leases.

import { z } from 'zod'
import { path, realm } from '../../config/fields.ts'

export const keaSchema = {
  kea: z
    .strictObject({
      files: z
        .array(path)
        .min(1)
        .describe('Its lease files, such as /var/lib/kea/kea-leases4.csv and kea-leases6.csv'),
      customers: path.describe(
        'CSV of KEY,CUSTOMER: circuit or remote id (option 82), client id, DUID or hardware address, as Kea writes them; read again when it changes',
      ),
      realm: realm.describe('Address space of the addresses in them'),
    })
    .optional()
    .describe(
      'Leases of the DHCP server Kea, from its lease files (memfile); off without this section',
    ),
}
