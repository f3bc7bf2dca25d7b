// What the configuration may say of decoys.

import { z } from 'zod'
import { address, port, realm, text } from '../../config/fields.ts'
import { isDomain } from '../../model/mail-address.ts'

const decoys = z
  .strictObject({
    addresses: z.array(address).min(1).describe('Unused addresses that are routed to this machine'),
    port: port.default(25).describe('Port'),
    name: text('Write a host name', isDomain)
      .default('mx.invalid')
      .describe('Name in the greeting of decoys; it should not identify you'),
    realm: realm.describe('Address space of the clients'),
  })
  .optional()
  .describe(
    'Decoys: SMTP servers on unused addresses that accept all mail, deliver none, and report; none without this section',
  )

export const decoySchema = {
  decoys,
}
