// A judged step as it stands in the journal: with all that a replay of another policy needs, and without what is private.

import type { Authentication } from './authentication.ts'
import type { MessageSummary } from './message.ts'
import type { Fact, Question } from './question.ts'
import type { AttributedStep } from './step.ts'

/** Fields that may be left out where they have their usual value. */
type Usually = 'session' | 'client' | 'tls' | 'inForce'

/**
 * Local parts of correspondents are keyed hashes; of content there is only what rules about content look at. There is one of these
 * for every recipient of all mail: client and login stand in `who`, and no TLS and nothing in force are not mentioned.
 */
export type RecordedStep = Omit<
  AttributedStep,
  | 'who'
  | 'at'
  | 'message'
  | 'messageId'
  | 'authentication'
  | 'addresses'
  | 'queueId'
  | 'once'
  | Usually
> &
  Partial<Pick<AttributedStep, Usually>> & {
    /** `from` belongs to the login. */
    readonly ownFrom?: boolean
    readonly message?: Pick<
      MessageSummary,
      'size' | 'hops' | 'automatic' | 'linkHosts' | 'attachments' | 'archived' | 'unreadable'
    > & {
      readonly encryptedArchive?: true
      readonly receipt?: true
      readonly unclearFrom?: true
      readonly list?: true
    }
    readonly authentication?: Omit<Authentication, 'header' | 'forReport'>
  }

export type Saw = {
  /** Ours, as in the log. */
  readonly message?: string
  /** Its Message-ID. */
  readonly messageId?: string
  /** Names of files, those in archives included; at most twenty. */
  readonly files?: readonly string[]
  /** How many more there are. */
  readonly moreFiles?: number
  /** In words, why not all of it could be read. */
  readonly cause?: string
  /** What was wrong, and what to do, as it stood in the reply. */
  readonly found?: string
}

/** What was looked up, and what came of it. */
export type AnsweredQuestion = { readonly question: Question; readonly answer: Fact }
