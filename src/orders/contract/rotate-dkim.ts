// Makes new keys that sign our mail, which do so when the DNS has their records.

import { z } from 'zod'
import { contract } from './contract.ts'

export const rotateDkim = contract({
  kind: 'rotate-dkim',
  about: 'make new DKIM keys; each signs when its record is in the DNS, and the old one no more',
  ownerMay: false,
  fields: z.strictObject({}),
  target: () => 'the DKIM keys',
})
