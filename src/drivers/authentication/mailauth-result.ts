// What mailauth finds of a message, and what we add to it.

import type { AuthorResult } from './author-results.ts'
import type { LeftOut } from './left-out.ts'

/** What mailauth says of a message. */
export type MailauthResult = Awaited<ReturnType<typeof import('mailauth').authenticate>> & {
  readonly left: LeftOut
  /** Where mailauth has not asked for all that may be read in From, or had no questions left: what counts of their domains. */
  readonly authors?: AuthorResult
}
