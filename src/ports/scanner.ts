// What a content scanner says of a message.

import type { ContentVerdict, MessageSummary } from '../model/message.ts'

export interface Scanner {
  readonly name: string
  /** Never rejects; out of order or out of time is `unseen`. */
  scan(message: MessageSummary): Promise<ContentVerdict>
}
