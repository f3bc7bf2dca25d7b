// What the log of another mail server tells the engine of messages.

import type { HeardAnswer, HeardMail } from '../model/heard-mail.ts'

export interface MailHeard {
  /**
   * A message was handed in there, and this is what became of it so far. Of one that a door was asked about only that counts; told again,
   * nothing does. Resolves when it is weighed and on disk.
   */
  message(mail: HeardMail, answers: readonly HeardAnswer[]): Promise<void>
  /** What became later of a message that was told of, also before a restart. */
  later(about: { readonly id: string; readonly at: number }, answer: HeardAnswer): Promise<void>
}
