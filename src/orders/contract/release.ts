// Everything that was decided in a case is lifted: the owner or staff say that it is mended, or that it was wrong.

import { z } from 'zod'
import { contract } from './contract.ts'
import { dryRun, factor, id } from './fields.ts'

const HELD = 'Write what becomes of mail that the case holds: send or purge.'

export const release = contract({
  kind: 'release',
  about: 'end all decisions of an incident',
  ownerMay: true,
  fields: z.strictObject({
    incident: id('a case'),
    /** Staff: what becomes of the mail that the case holds. Without it, what may be a thief's waits for a word of its owner or staff. */
    held: z.enum(['send', 'purge'], { error: HELD }).optional(),
    dryRun: dryRun(),
    /** Of an owner: a case that keeps mail in the window ends with it alone. */
    factor: z.exactOptional(factor),
  }),
  target: ({ incident }) => incident,
  censor: ({ factor: code }) => (code === undefined ? {} : { factor: '' }),
})
