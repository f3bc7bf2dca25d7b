// Everything that was decided in a case is lifted: somebody says that it is mended, or that it was wrong.

import { z } from 'zod'
import { contract } from './contract.ts'
import { id } from './fields.ts'

export const release = contract({
  kind: 'release',
  about: 'end all decisions of an incident',
  ownerMay: true,
  fields: z.strictObject({ incident: id('a case') }),
  target: ({ incident }) => incident,
})
