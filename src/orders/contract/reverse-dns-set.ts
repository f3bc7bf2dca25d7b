// Staff have set the name of its address.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id } from './fields.ts'

export const reverseDnsSet = contract({
  kind: 'reverse-dns-set',
  about: 'confirm that the reverse DNS of a customer’s mail server is set',
  ownerMay: false,
  fields: z.strictObject({ id: id('an opt-out') }),
  target: order => order.id,
})
