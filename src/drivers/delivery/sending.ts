// One message on its way to one server, and what is answered for each recipient.

import type { RecipientWishes, Wishes } from '../../model/wishes.ts'

export type Sending = {
  readonly sender: string
  readonly recipients: readonly string[]
  readonly size: number
  readonly wishes: Wishes
  /** The same for all of these recipients. */
  readonly recipientWishes: RecipientWishes
  body(): Promise<AsyncIterable<Uint8Array>>
}

/** Per recipient: a reply code and text. Code 0 when there was no reply at all. */
export type Reply = { readonly code: number; readonly text: string }
