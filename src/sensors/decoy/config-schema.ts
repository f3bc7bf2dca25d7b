// What the configuration may say of decoys.

import { z } from 'zod'
import { address, port, realm, text } from '../../config/fields.ts'
import { isDomain } from '../../model/mail-address.ts'

const decoys = z
  .strictObject({
    addresses: z
      .array(address)
      .min(1)
      .describe('Unused addresses of yours that lead to this machine'),
    port: port.default(25).describe('Port'),
    name: text('Write a host name', isDomain)
      .default('mx.invalid')
      .describe('What they call themselves; nothing that names you'),
    realm: realm.describe('Address space of those who come'),
  })
  .optional()
  .describe('SMTP servers on unused addresses: they take everything, deliver nothing, and tell')

export const decoySchema = {
  decoys,
}
