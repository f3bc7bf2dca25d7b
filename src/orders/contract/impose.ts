// A decision by hand. It ends by itself, like every other: how late at the most is a matter of what is decided (model/decision.ts).

import { z } from 'zod'
import { DECISIONS, LONGEST } from '../../model/decision.ts'
import { FORMER_DECISIONS } from '../../model/former-words.ts'
import { HOUR } from '../../model/duration.ts'
import { contract } from './contract.ts'
import { dryRun, line, mailSubject } from './fields.ts'

const DECISION = ({ input }: { readonly input?: unknown }) => {
  const today = FORMER_DECISIONS.get(input)
  return today === undefined
    ? `Write one of: ${DECISIONS.join(', ')}.`
    : `${String(input)} is now ${today}. Write ${today}.`
}
/** Six minutes. */
const SHORTEST = 0.1
const LETTER =
  'Write true or false (or "yes" or "no"): whether the owner is written to; true without it.'
const HOURS = `Write a number of hours, at least ${SHORTEST}.`
const LONGEST_OF_ALL = Math.max(...Object.values(LONGEST)) / HOUR

export const impose = contract({
  kind: 'impose',
  about: 'make a decision about a line or a login by hand',
  ownerMay: false,
  fields: z
    .strictObject({
      subject: mailSubject,
      decision: z.enum(DECISIONS, { error: DECISION }),
      hours: z.exactOptional(
        z
          .number({ error: HOURS })
          .min(SHORTEST, { error: HOURS })
          .max(LONGEST_OF_ALL, { error: `Write at most ${LONGEST_OF_ALL}.` }),
      ),
      why: line('Write the reason, for the case file.', 500),
      letter: z.exactOptional(
        z
          .union([z.boolean(), z.enum(['yes', 'no'])], { error: LETTER })
          .transform(given => given === true || given === 'yes'),
      ),
      dryRun: dryRun(),
    })
    .superRefine(({ decision, hours = SHORTEST }, context) => {
      const longest = LONGEST[decision] / HOUR
      if (hours > longest)
        context.addIssue({
          code: 'custom',
          path: ['hours'],
          message: `Write at most ${longest} for ${decision}; it can be ordered again.`,
        })
    }),
  target: ({ subject }) => subject,
})
