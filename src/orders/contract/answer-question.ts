// Whose mail it is that waits for its window: its owner says so, with the second factor, or staff whom the owner has called.

import { z } from 'zod'
import { WORDS_OF_OWNERS } from '../../model/owner-word.ts'
import { contract } from './contract.ts'
import { factor, mailSubject } from './fields.ts'

export const answerQuestion = contract({
  kind: 'answer-question',
  about: 'say whether mail that waits is of the owner of the line or login: was-me or not-me',
  ownerMay: true,
  fields: z.strictObject({
    subject: mailSubject,
    answer: z.enum(WORDS_OF_OWNERS, { error: `Write one of: ${WORDS_OF_OWNERS.join(', ')}.` }),
    /** Of an owner: "it was me" counts with it alone. */
    factor: z.exactOptional(factor),
  }),
  target: ({ subject }) => subject,
  censor: ({ factor: code }) => (code === undefined ? {} : { factor: '' }),
})
